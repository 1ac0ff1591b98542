import type { Flavour } from '../bank-options.js';

/** Banco de Venezuela's own code: accounts that begin with it are kept there. */
export const VENEZUELA_BANK = '0102';

/** Paths of the two environments. The ports differ too at the bank; here one port serves both banks. */
export const VENEZUELA_PATHS: Readonly<
  Record<Flavour, { readonly lookUp: string; readonly statement: string }>
> = {
  qa: { lookUp: '/getMovement/v2', statement: '/apis/bdv/consulta/movimientos' },
  production: { lookUp: '/getMovement', statement: '/apis/bdv/consulta/movimientos' },
};

export type VenezuelaOperation = 'bdv_look_up' | 'bdv_statement';

export const isVenezuelan = (operation: string): boolean => operation.startsWith('bdv_');
