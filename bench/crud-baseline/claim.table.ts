import type { Generated } from 'kysely';

/** The tables of the baseline, in a schema of their own. */
export interface BaselineDatabase {
  'baseline.api_key': { prefix: string; secret_hash: Buffer; merchant_id: string };
  'baseline.claim': {
    claim_id: string;
    merchant_id: string;
    external_id: string;
    kind: string;
    type: string;
    receiving_account_id: string;
    origin_bank: string;
    reference: string;
    amount_minor: string;
    currency: string;
    paid_on: string;
    payer: string;
    status: string;
    created_at: Generated<Date>;
  };
  'baseline.claim_history': {
    entry_id: Generated<string>;
    claim_id: string;
    status: string;
    actor: string;
    change: string;
    changed_at: Generated<Date>;
  };
}

export const BASELINE_SCHEMA = `
  create schema if not exists baseline;
  create table if not exists baseline.api_key (
    prefix text primary key,
    secret_hash bytea not null,
    merchant_id uuid not null
  );
  create table if not exists baseline.claim (
    claim_id uuid primary key,
    merchant_id uuid not null,
    external_id text not null,
    kind text not null,
    type text not null,
    receiving_account_id uuid not null,
    origin_bank text not null,
    reference text not null,
    amount_minor bigint not null,
    currency text not null,
    paid_on date not null,
    payer jsonb not null,
    status text not null,
    created_at timestamptz not null default now(),
    unique (merchant_id, receiving_account_id, kind, origin_bank, reference, paid_on)
  );
  create table if not exists baseline.claim_history (
    entry_id bigint generated always as identity primary key,
    claim_id uuid not null references baseline.claim,
    status text not null,
    actor text not null,
    change jsonb not null,
    changed_at timestamptz not null default now()
  );
`;
