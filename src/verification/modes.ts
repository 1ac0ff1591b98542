import type { BankCredential } from '../bank-gateway/bank-gateway.port.js';

export type Mode = 'live' | 'test';

/** Whose claims a credential may be asked about: a test key's claims never reach a real bank. */
export const modesOf = ({ sandbox = false }: BankCredential): readonly Mode[] =>
  sandbox ? ['live', 'test'] : ['live'];
