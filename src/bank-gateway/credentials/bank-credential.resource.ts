import { z } from 'zod';
import { holdsCardNumber, isCardOfScheme } from '../../platform/http/card-number.js';
import { plainText } from '../../platform/http/plain-text.js';

const REASON = plainText(500).describe('Why; the audit keeps it.');

// What a bank gives out is printable and never long; blanks at its ends come from copying.
const secretText = z
  .string()
  .min(1, 'must not be empty')
  .max(1_000, 'must have at most 1000 characters')
  .regex(/^[\u0021-\u007E]+$/, 'must be printable ASCII without blanks, as the bank gave it')
  // Digits within a secret say nothing; one that is nothing but a card number is a mistake of whoever pasted it.
  .refine(
    (text) => !/^[\d.-]+$/.test(text) || !isCardOfScheme(text.replace(/\D/g, '')),
    'must not be a card number',
  );

export const credentialIdParam = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be the id of a credential, as the list shows it');

export const trialIdParam = z.guid('must be a UUID');

const givenSecret = {
  client_id: secretText.optional().describe('For a bank that gives tokens: the client id.'),
  client_secret: secretText.optional().describe('For a bank that gives tokens: its secret.'),
  api_key: secretText.optional().describe('For a bank that knows callers by a key: the key.'),
  account_number: z
    .string()
    .regex(/^\d{20}$/, 'must be 20 digits')
    .optional()
    .describe('An account of ours at the bank, which a key is tried with; only with api_key.'),
};

export const submitSecretBody = z
  .strictObject({ ...givenSecret, reason: REASON })
  .meta({ id: 'SubmitBankSecret' });

export type SubmitSecretBody = z.output<typeof submitSecretBody>;

const word = z
  .string()
  .regex(/^[A-Za-z0-9]{1,40}$/, 'must be 1 to 40 letters and digits')
  .refine((text) => !holdsCardNumber(text), 'must not hold a card number');

export const createCredentialBody = z
  .strictObject({
    id: word.describe('Our own name for it: what receiving accounts name as their credential_id.'),
    bank: z
      .string()
      .regex(/^\d{4}$/, 'must be the 4 digits of a bank')
      .describe('A bank that the configuration has a line to.'),
    affiliate: word.describe(
      'Names us as an affiliate of the bank; the same for two credentials of one affiliation, since it tells its movements apart from those of others.',
    ),
    ...givenSecret,
    receiving_phone: z
      .string()
      .regex(/^04\d{9}$/, 'must be 11 digits that begin with 04')
      .optional()
      .describe('The phone that receives the payments, where the bank asks for it.'),
    calls_allowed: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe(
        'What its contract allows in a window; left out, as the configured line of the bank.',
      ),
    window_seconds: z.int().min(1).max(86_400).optional().describe('How long that window is.'),
    reason: REASON,
  })
  .meta({ id: 'CreateBankCredential' });

export type CreateCredentialBody = z.output<typeof createCredentialBody>;

export const gatewayActBody = z.strictObject({ reason: REASON }).meta({ id: 'BankCredentialAct' });

export type GatewayActBody = z.output<typeof gatewayActBody>;

export const trialResource = z
  .object({
    id: z.guid(),
    state: z
      .enum(['waiting', 'accepted', 'refused', 'unknown', 'overtaken'])
      .describe(
        'accepted: in force. refused: the bank does not take them. unknown: it did not say; send them again. overtaken: others came in force meanwhile. Unless accepted, nothing was changed.',
      ),
    submitted_by: z.string(),
    reason: z.string(),
    begun_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BankSecretTrial' });

export type TrialResource = z.output<typeof trialResource>;

export const bankCredentialResource = z
  .object({
    id: z.string().describe('What receiving accounts name as their credential_id.'),
    bank: z.string(),
    affiliate: z.string(),
    sandbox: z.boolean().describe('Whether it leads to a sandbox.'),
    modes: z
      .array(z.enum(['live', 'test']))
      .describe('Claims of which keys are asked about under it.'),
    origin: z
      .enum(['configuration', 'created'])
      .describe('created: by an admin; with the addresses and the conduct of the configured line.'),
    standing: z
      .enum(['untested', 'in_force', 'retired'])
      .describe('untested: the bank has not taken its secrets yet, so nothing is asked under it.'),
    state: z.enum(['open', 'closed']).describe('closed: nothing is sent until somebody resumes.'),
    closed_at: z.iso.datetime().nullable(),
    closed_because: z
      .string()
      .nullable()
      .describe('credentials_refused:… when the bank refused us, else what somebody gave.'),
    secret: z.object({
      kind: z.enum(['client', 'api_key']).describe('What the bank knows its callers by.'),
      source: z
        .enum(['configuration', 'stored', 'unreadable', 'none'])
        .describe(
          'unreadable: stored under a master key that this process does not have. none: created, and not taken by the bank yet, or retired.',
        ),
      version: z.int().describe('Grows with each that is stored; 0 for the configuration.'),
      ends_with: z
        .string()
        .nullable()
        .describe('Last four characters of the client id, or of a long key.'),
      stored_at: z.iso.datetime().nullable(),
    }),
    trial: trialResource.nullable().describe('The latest secrets that were tried.'),
    calls_allowed: z.int().describe('What the contract allows in a window, of any kind.'),
    window_seconds: z.number(),
    calls_used: z.int(),
    version: z.int().describe('The ETag; If-Match names it in what is done to the credential.'),
  })
  .meta({ id: 'BankCredential' });

export type BankCredentialResource = z.output<typeof bankCredentialResource>;

export const bankCredentialList = z
  .object({ data: z.array(bankCredentialResource) })
  .meta({ id: 'BankCredentialList' });
