import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { CoverageQuery } from './coverage.request.js';
import type { AccountCoverage } from './coverage.resource.js';

/** What listings covered of an account's days. */
export class GetCoverage extends Query<AccountCoverage> {
  constructor(
    readonly asked: CoverageQuery,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
