import { Secret } from '../../platform/config/secret.js';
import { type FieldError, ProblemError } from '../../platform/http/problem.js';
import type { BankSetup } from '../bank-setup.js';
import type { SubmitSecretBody } from './bank-credential.resource.js';
import type { BankSecret } from './bank-secrets.port.js';

/** What a trial needs. */
export interface GivenSecret {
  readonly secret: BankSecret;
  /** An account to list, where the bank knows callers by a key. */
  readonly account: string | null;
}

type GivenMembers = Omit<SubmitSecretBody, 'reason'>;
type Member = keyof GivenMembers;

const OF_A_CLIENT = ['client_id', 'client_secret'] as const satisfies readonly Member[];
const OF_A_KEY = ['api_key', 'account_number'] as const satisfies readonly Member[];

/** Which members a bank's secret has follows from how the bank knows its callers. @throws ProblemError */
export function readSecret({ authorization }: BankSetup, body: GivenMembers): GivenSecret {
  const isByToken = authorization.by === 'token';
  const { client_id: clientId, client_secret: clientSecret } = body;
  const { api_key: key, account_number: account } = body;
  const errors = isByToken
    ? [...missing(OF_A_CLIENT, body), ...unwanted(OF_A_KEY, body, OF_A_CLIENT)]
    : [...missing(OF_A_KEY, body), ...unwanted(OF_A_CLIENT, body, OF_A_KEY)];
  if (errors.length === 0 && isByToken && clientId !== undefined && clientSecret !== undefined) {
    const secret = { clientId: new Secret(clientId), clientSecret: new Secret(clientSecret) };
    return { secret: { by: 'token', ...secret }, account: null };
  }
  if (errors.length === 0 && key !== undefined && account !== undefined) {
    return { secret: { by: 'api_key', key: new Secret(key) }, account };
  }
  throw new ProblemError('invalid_input', { errors });
}

const missing = (members: readonly Member[], body: GivenMembers): FieldError[] =>
  members
    .filter((member) => body[member] === undefined)
    .map((member) => wrong(member, `is required: this bank wants ${members.join(' and ')}`));

const unwanted = (
  members: readonly Member[],
  body: GivenMembers,
  wanted: readonly Member[],
): FieldError[] =>
  members
    .filter((member) => body[member] !== undefined)
    .map((member) => wrong(member, `must be left out: this bank wants ${wanted.join(' and ')}`));

const wrong = (member: Member, reason: string): FieldError => ({
  in: 'body',
  pointer: `/${member}`,
  reason,
});
