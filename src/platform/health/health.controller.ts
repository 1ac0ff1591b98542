import { Controller, Get, Header, Res, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';
import {
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Clock } from '../../kernel/clock.js';
import { VERSION } from '../build.js';
import { RolesConfig } from '../config/config.schema.js';
import { OpenToAll } from '../http/open-to-all.decorator.js';
import { LogLevelSwitch } from '../logging/log-level-switch.js';
import { Metrics } from '../metrics/metrics.js';
import {
  detailedHealthSchema,
  healthFiguresSchema,
  serviceHealthSchema,
} from './health-answers.js';
import {
  HealthRegistry,
  type HealthFinding,
  type HealthReport,
  type HealthStatus,
} from './health-registry.js';

type ServiceHealth = z.infer<typeof serviceHealthSchema>;
type DetailedHealth = z.infer<typeof detailedHealthSchema>;
type HealthFigures = z.infer<typeof healthFiguresSchema>;
type Overall = ServiceHealth['status'];

const OVERALL: Readonly<Record<HealthStatus, Overall>> = {
  pass: 'healthy',
  warn: 'degraded',
  fail: 'unhealthy',
};

const isHealthResult = (body: unknown): body is HealthCheckResult =>
  typeof body === 'object' && body !== null && 'details' in body;

/** Health for people and monitors, in the shape that the dashboards before this product read. */
@ApiTags('operations')
@OpenToAll()
@Controller()
export class HealthController {
  private readonly startedMs: number;

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly registry: HealthRegistry,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly roles: RolesConfig,
    private readonly log: LogLevelSwitch,
  ) {
    this.startedMs = clock.monotonicMs();
  }

  @Get('api/v1/health')
  @ApiOperation({ operationId: 'getHealth', summary: 'Is the service healthy?' })
  @ApiOkResponse({ standardSchema: serviceHealthSchema, description: 'Yes, perhaps with less.' })
  @ApiServiceUnavailableResponse({ standardSchema: serviceHealthSchema, description: 'No.' })
  @Header('cache-control', 'no-store')
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<ServiceHealth> {
    const { result, overall } = await this.check(reply);
    return { status: overall, ...connections(result), version: VERSION };
  }

  /** Where monitors look that know no prefix. */
  @Get('health')
  @ApiExcludeEndpoint()
  @Header('cache-control', 'no-store')
  healthAtRoot(@Res({ passthrough: true }) reply: FastifyReply): Promise<ServiceHealth> {
    return this.health(reply);
  }

  @Get('api/v1/health/detailed')
  @ApiOperation({
    operationId: 'getDetailedHealth',
    summary: 'What the service leans on, one by one.',
  })
  @ApiOkResponse({
    standardSchema: detailedHealthSchema,
    description: 'Healthy, perhaps with less.',
  })
  @ApiServiceUnavailableResponse({
    standardSchema: detailedHealthSchema,
    description: 'Unhealthy.',
  })
  @Header('cache-control', 'no-store')
  async detailed(@Res({ passthrough: true }) reply: FastifyReply): Promise<DetailedHealth> {
    const { result, overall, report } = await this.check(reply);
    const byRole = Object.entries(this.registry.byRole(report, this.roles.roles));
    return {
      status: overall,
      ...connections(result),
      version: VERSION,
      uptime_seconds: this.uptimeSeconds(),
      roles: [...this.roles.roles],
      by_role: Object.fromEntries(
        byRole.map(([role, { status, checks }]) => [
          role,
          { status: OVERALL[status], checks: [...checks] },
        ]),
      ),
      logging: { level: this.log.level },
      checks: result.details,
    };
  }

  @Get('api/v1/health/metrics')
  @ApiOperation({ operationId: 'getHealthFigures', summary: 'A few figures of this process.' })
  @ApiOkResponse({ standardSchema: healthFiguresSchema, description: 'The figures.' })
  @Header('cache-control', 'no-store')
  async figures(): Promise<HealthFigures> {
    const memory = process.memoryUsage();
    const total = await this.metrics.httpRequestsTotal.get();
    const inProgress = await this.metrics.httpRequestsInProgress.get();
    return {
      uptime_seconds: this.uptimeSeconds(),
      memory: { rss_bytes: memory.rss, heap_used_bytes: memory.heapUsed },
      http: {
        requests_total: total.values.reduce((sum, { value }) => sum + value, 0),
        requests_in_progress: inProgress.values[0]?.value ?? 0,
      },
    };
  }

  private uptimeSeconds(): number {
    return Math.round((this.clock.monotonicMs() - this.startedMs) / 1000);
  }

  private async check(
    reply: FastifyReply,
  ): Promise<{ result: HealthCheckResult; overall: Overall; report: HealthReport }> {
    const report = await this.registry.report();
    const indicators = Object.entries(report.findings).map(
      ([name, finding]) =>
        () =>
          this.indicator(name, finding),
    );
    try {
      const result = await this.terminus.check(indicators);
      const overall = result.status === 'degraded' ? 'degraded' : 'healthy';
      return { result, overall, report };
    } catch (error) {
      const body = error instanceof ServiceUnavailableException ? error.getResponse() : null;
      if (!isHealthResult(body)) throw error;
      void reply.code(503);
      return { result: body, overall: 'unhealthy', report };
    }
  }

  private indicator(name: string, { status, ...seen }: HealthFinding) {
    const session = this.indicators.check(name);
    if (status === 'fail') return session.down(seen);
    return status === 'warn' ? session.degraded(seen) : session.up(seen);
  }
}

/** Each store as one word, next to the status. */
function connections({
  details,
}: HealthCheckResult): Pick<ServiceHealth, 'database' | 'event_store'> {
  const word = (name: string) => (details[name]?.status === 'up' ? 'connected' : 'disconnected');
  return { database: word('database'), event_store: word('event_store') };
}
