import { SetMetadata } from '@nestjs/common';
import type { LimitPolicy } from './limits.config.js';

export const LIMITED_BY = 'constancia:limited-by';

/** Counts the requests of each network to an open route. Routes that ask for a permission count by caller anyway. */
export const LimitedBy = (policy: LimitPolicy) => SetMetadata(LIMITED_BY, policy);
