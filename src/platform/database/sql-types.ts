import { TypeOverrides, types, type CustomTypesConfig } from 'pg';

const { builtins } = types;

const overrides = new TypeOverrides();
// Amounts and log positions exceed what a number holds exactly.
overrides.setTypeParser(builtins.INT8, BigInt);
// A calendar date is no instant: pg would shift it by the machine's time zone.
overrides.setTypeParser(builtins.DATE, (text: string) => text);

/** How Postgres's types are read: int8 as bigint, date as `YYYY-MM-DD`, numeric as text, timestamptz as Date. */
export const sqlTypes: CustomTypesConfig = overrides;
