import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';
import type { Projection } from './projection.js';

/** Every projection of this process; modules add theirs in `onModuleInit`, before any is run. */
@Injectable()
export class ProjectionRegistry {
  private readonly projections: Projection[] = [];

  /** @throws AssertionFailed when the name and version are taken */
  register(projection: Projection): void {
    const { name, version } = projection;
    assert(
      !this.projections.some((other) => other.name === name && other.version === version),
      `two projections are called ${name} ${version}`,
    );
    this.projections.push(projection);
  }

  all(): readonly Projection[] {
    return this.projections;
  }
}
