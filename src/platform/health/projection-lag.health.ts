import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ProjectionLag } from '../projections/projection-lag.js';
import { ProjectionRunner } from '../projections/projection-runner.js';
import { HealthRegistry, type HealthFinding } from './health-registry.js';

// Readers notice answers that are older than this; a rebuild or a burst may need it for a while.
const LARGE_LAG_SECONDS = 30;

/**
 * A lag that is large is worth a warning; only one that is large and does not shrink takes a process out, since
 * taking out those that catch up would leave nobody to catch up.
 */
export function judgeLags(lags: readonly ProjectionLag[]): HealthFinding {
  const behind = lags.filter(({ seconds }) => seconds > LARGE_LAG_SECONDS);
  const observed = Math.round(Math.max(0, ...lags.map(({ seconds }) => seconds)));
  const seen = { observed, unit: 's' };
  if (behind.length === 0) return { status: 'pass', ...seen };
  const names = behind.map(({ name }) => name).join(', ');
  return behind.some(({ moving }) => !moving)
    ? { status: 'fail', ...seen, reason: `behind and not moving: ${names}` }
    : { status: 'warn', ...seen, reason: `catching up: ${names}` };
}

/** Looks at how far the read models of this process are behind the log. */
@Injectable()
export class ProjectionLagHealth implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly runner: ProjectionRunner,
  ) {}

  onModuleInit(): void {
    this.registry.register({
      name: 'projection_lag',
      advisory: false,
      role: 'projector',
      look: () => Promise.resolve(judgeLags(this.runner.lags())),
    });
  }
}
