import { optionalUrlOf } from '../../platform/config/shapes.js';
import { configSection, optionalSecretVariable } from '../../platform/config/variable.js';

/** Where counts are shared, if not in Postgres. */
export class RedisConfig extends configSection({
  url: optionalSecretVariable('REDIS_URL', optionalUrlOf('redis:', 'rediss:'), {
    doc: 'Redis or Valkey that shares the counts of requests between instances; empty: Postgres does.',
  }),
}) {}
