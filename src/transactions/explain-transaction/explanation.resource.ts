import { z } from 'zod';

const instant = z.string().meta({ description: 'RFC 3339, UTC.' });

const explainedAsk = z.object({
  ask_id: z.string(),
  asked_on: z.string().meta({ description: 'The day asked about, at the bank.' }),
  started_at: instant,
  answered_at: instant.nullable(),
  outcome: z.string().nullable().meta({ description: 'Null while the answer is awaited.' }),
  bank_code: z.string().nullable(),
  movements: z.int().nullable().meta({ description: 'How many rows the answer held.' }),
});

const explainedSweep = z.object({
  sweep_id: z.string(),
  from: z.string().meta({ description: 'The first day that was listed, at the bank.' }),
  to: z.string(),
  started_at: instant,
  answered_at: instant.nullable(),
  outcome: z.string().nullable(),
  movements: z.int().nullable().meta({ description: 'How many rows of the account it held.' }),
});

/** Why a transaction is where it is: what was asked, what was answered, and what happens next. */
export const explanation = z
  .object({
    id: z.string(),
    status: z.string(),
    status_reason: z.string().nullable(),
    asks_total: z.int(),
    asks: z.array(explainedAsk).meta({ description: 'The latest asks, oldest first; at most 50.' }),
    sweeps: z.array(explainedSweep).meta({
      description:
        'The latest listings of the account that covered the day, newest first; at most 20.',
    }),
    next: z.object({
      action: z.enum(['ask', 'await_answer', 'bind', 'decide', 'none']).meta({
        description:
          '`ask` the bank, `await_answer` of an ask, `bind` a movement, `decide` by a person, or nothing.',
      }),
      at: instant.nullable(),
      about: z.string().nullable().meta({ description: 'The day that will be asked about.' }),
    }),
    ahead: z.int().nullable().meta({
      description:
        'Calls before this one at the same credential of the bank: one a claim, or one for all of an account that is listed.',
    }),
    expected_at: instant.nullable().meta({
      description:
        'When the bank will probably look next, asked about this claim or listing its account; null while nobody can say.',
    }),
    held_by: z
      .enum(['gateway_closed', 'maintenance_hours', 'circuit_open', 'cool_down'])
      .nullable()
      .meta({
        description:
          'What puts `expected_at` off, beside the claim’s turn: a person has to open the gateway, the bank’s hours of maintenance, a bank that cannot be reached, or one that wants to be left alone; null when it is none of them.',
      }),
    expected_verdict_at: instant.nullable().meta({
      description:
        'When a verdict is to be expected: of those that took as long, half came earlier, half later; null while nobody can say.',
    }),
    latest_at: instant.nullable().meta({
      description:
        'Until when the bank may still show the payment in time; while the bank is away it moves.',
    }),
    match_until: instant.nullable().meta({
      description: 'Until when the claim is still matched after it expired.',
    }),
  })
  .meta({ id: 'Explanation' });

export type Explanation = z.output<typeof explanation>;
