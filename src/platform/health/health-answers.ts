import { z } from 'zod';
import { VERSION } from '../build.js';
import type { HealthFinding, HealthReport, HealthStatus } from './health-registry.js';

export const HEALTH_MEDIA_TYPE = 'application/health+json';

const statusSchema = z.enum(['pass', 'warn', 'fail']);

const checkSchema = z.object({
  status: statusSchema,
  observedValue: z.union([z.string(), z.number()]).optional(),
  observedUnit: z.string().optional(),
  output: z.string().optional().describe('Why it is not "pass".'),
  time: z.iso.datetime(),
});

/** An answer to a probe, as draft-inadarei-api-health-check writes it. */
export const healthJsonSchema = z
  .object({
    status: statusSchema,
    version: z.string(),
    output: z.string().optional(),
    checks: z.record(z.string(), z.array(checkSchema)).optional(),
  })
  .meta({ id: 'Health' });

export type HealthJson = z.infer<typeof healthJsonSchema>;

const check = (finding: HealthFinding, at: Date): z.infer<typeof checkSchema> => ({
  status: finding.status,
  ...(finding.observed === undefined ? {} : { observedValue: finding.observed }),
  ...(finding.unit === undefined ? {} : { observedUnit: finding.unit }),
  ...(finding.reason === undefined ? {} : { output: finding.reason }),
  time: at.toISOString(),
});

/** A report as probes read it. */
export const healthJson = (report: HealthReport): HealthJson => ({
  status: report.status,
  version: VERSION,
  checks: Object.fromEntries(
    Object.entries(report.findings).map(([name, finding]) => [
      name,
      [check(finding, report.checkedAt)],
    ]),
  ),
});

/** An answer without any look at the stores. */
export const bareHealth = (status: HealthStatus, output?: string): HealthJson => ({
  status,
  version: VERSION,
  ...(output === undefined ? {} : { output }),
});

const connectionSchema = z.enum(['connected', 'disconnected']);

/** The shape that the monitors before this product read. */
export const serviceHealthSchema = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    database: connectionSchema,
    event_store: connectionSchema,
    version: z.string(),
  })
  .meta({ id: 'ServiceHealth' });

export const detailedHealthSchema = serviceHealthSchema
  .extend({
    uptime_seconds: z.int(),
    roles: z.array(z.string()),
    by_role: z
      .record(
        z.string(),
        z.object({
          status: z.enum(['healthy', 'degraded', 'unhealthy']),
          checks: z.array(z.string()),
        }),
      )
      .describe('How each role of this process is, and by which of the checks.'),
    logging: z.object({ level: z.string() }),
    checks: z.record(z.string(), z.looseObject({ status: z.enum(['up', 'degraded', 'down']) })),
  })
  .meta({ id: 'DetailedHealth' });

export const healthFiguresSchema = z
  .object({
    uptime_seconds: z.int(),
    memory: z.object({ rss_bytes: z.int(), heap_used_bytes: z.int() }),
    http: z.object({ requests_total: z.int(), requests_in_progress: z.int() }),
  })
  .meta({ id: 'HealthFigures' });
