import { applyDecorators, SetMetadata } from '@nestjs/common';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import type { LimitPolicy } from './limits.config.js';

export const LIMITED_BY = 'constancia:limited-by';

/** Counts the requests of each network to an open route. Routes that ask for a permission count by caller anyway. */
export const LimitedBy = (policy: LimitPolicy) =>
  applyDecorators(SetMetadata(LIMITED_BY, policy), Refuses('quota_exceeded'));
