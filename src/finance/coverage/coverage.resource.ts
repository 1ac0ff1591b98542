import { z } from 'zod';

const instant = z.string().nullable().meta({ description: 'RFC 3339, UTC, with milliseconds.' });

/** How far the bank's own listings stand behind what is known of an account, day by day. */
export const accountCoverage = z
  .object({
    receiving_account_id: z.string(),
    from: z.string(),
    to: z.string(),
    time_zone: z.literal('America/Caracas'),
    days: z.array(
      z.object({
        day: z.string(),
        coverage: z.enum(['complete', 'partial', 'none']).meta({
          description:
            'complete: a listing over the whole day that began after it had ended. partial: one that began before. none: nothing is known of credits that nobody claimed.',
        }),
        last_listed_at: instant,
        complete_at: instant.meta({ description: 'The last listing that makes it complete.' }),
      }),
    ),
  })
  .meta({ id: 'AccountCoverage' });

export type AccountCoverage = z.output<typeof accountCoverage>;
