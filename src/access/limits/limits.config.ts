import { z } from 'zod';
import { configSection, variable } from '../../platform/config/variable.js';

/** So many requests in so many seconds. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

const rate = z
  .string()
  .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,4}$/, 'must be requests/seconds, such as 100/60')
  .transform((text): Rate => {
    const [requests = '', seconds = ''] = text.split('/');
    return { requests: Number.parseInt(requests, 10), seconds: Number.parseInt(seconds, 10) };
  });

/** How often anybody may ask. */
export class LimitsConfig extends configSection({
  login: variable('RATE_LIMIT_LOGIN', rate, {
    fallback: '10/60',
    doc: 'Sign-ins from one network, as requests/seconds; all instances count together.',
  }),
  register: variable('RATE_LIMIT_REGISTER', rate, {
    fallback: '5/60',
    doc: 'Registrations from one network, as requests/seconds; all instances count together.',
  }),
  default: variable('RATE_LIMIT_DEFAULT', rate, {
    fallback: '100/60',
    doc: 'Other requests of one caller, as requests/seconds; instances tell each other within a second.',
  }),
}) {}

export type LimitPolicy = 'login' | 'register' | 'default';
