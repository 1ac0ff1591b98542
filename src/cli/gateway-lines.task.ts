import type { INestApplicationContext } from '@nestjs/common';
import { offline } from '../access/acts/security-acts.port.js';
import { CredentialActs } from '../bank-gateway/credentials/credential-acts.store.js';
import { CredentialReader } from '../bank-gateway/credentials/credential-reader.js';
import { CredentialTrialWorker } from '../bank-gateway/credentials/credential-trial.worker.js';
import { CredentialTrials } from '../bank-gateway/credentials/credential-trials.store.js';
import { NewCredentials } from '../bank-gateway/credentials/new-credentials.js';
import { createCredentialBody } from '../bank-gateway/credentials/bank-credential.resource.js';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import { GATEWAY_ACT } from './gateway-options.js';
import { readSecretFile } from './gateway-secret-file.js';
import { required } from './required-option.js';
import { UsageError, type OptionValues, type Task } from './task.js';
import { toldWhenRefused } from './told-when-refused.js';
import { withApplication } from './with-application.js';

const LOOK_EVERY_MS = 500;
// A trial waits up to two windows for its permit, and a verifier may be at work on it.
const LONGEST_MS = 15 * 60_000;

const act = {
  ...GATEWAY_ACT,
  credential: { type: 'string', summary: 'the credential' },
} as const;

export const gatewayCredentialsListTask: Task = {
  options: {},
  run: () =>
    withApplication(async (app) => {
      for (const shown of await find(app, CredentialReader).all()) {
        const { id, bank, affiliate, origin, standing, state, secret, calls_used: used } = shown;
        const calls = `${used} of ${shown.calls_allowed} calls`;
        console.log(
          [id, bank, affiliate, origin, standing, state, `secret ${secret.source}`, calls].join(
            '  ',
          ),
        );
      }
      return 0;
    }),
};

/** Exit code 1 when it did not come in force. */
export const gatewayCredentialsCreateTask: Task = {
  options: {
    ...act,
    bank: {
      type: 'string',
      summary: 'the 4 digits of a bank that the configuration has a line to',
    },
    affiliate: { type: 'string', summary: 'names us as an affiliate of the bank' },
    file: { type: 'string', summary: 'holds the secrets as JSON; - for the standard input' },
    account: { type: 'string', summary: 'an account of ours, to try a key with', default: '' },
    'receiving-phone': {
      type: 'string',
      summary: 'the phone (04…) that receives the payments, where the bank asks for it',
    },
    calls: { type: 'string', summary: 'what its contract allows in a window' },
    'window-seconds': { type: 'string', summary: 'how long that window is' },
  },
  async run(values) {
    const asked = readAsked(values);
    const by = required(values, 'by');
    const reason = required(values, 'reason');
    const account = String(values['account'] ?? '') || null;
    const secret = await readSecretFile(required(values, 'file'));
    return toldWhenRefused(() =>
      withApplication(async (app) => {
        const { particulars, setup } = find(app, NewCredentials).of(asked);
        if (setup.authorization.by !== secret.by) {
          throw new UsageError('the bank knows its callers by other secrets');
        }
        const trialId = app.get(RandomSource, { strict: false }).uuid();
        const acting = offline(`person:${by}`);
        const given = { particulars, trialId, secret, account, reason, acting };
        await find(app, CredentialActs).create(given);
        const outcome = await tried(app, particulars.credentialId, trialId);
        console.log(
          outcome === 'accepted'
            ? `The bank takes its secrets; ${asked.id} is in force.`
            : `${asked.id} is not in force: its trial ended as ${outcome}. Set other secrets, or create it again.`,
        );
        return outcome === 'accepted' ? 0 : 1;
      }),
    );
  },
};

export const gatewayCredentialsRetireTask: Task = {
  options: act,
  run(values) {
    const credentialId = required(values, 'credential');
    const by = required(values, 'by');
    const reason = required(values, 'reason');
    return toldWhenRefused(() =>
      withApplication(async (app) => {
        const acts = find(app, CredentialActs);
        if ((await find(app, CredentialReader).lineOf(credentialId)) === null) {
          throw new UsageError(`there is no credential ${credentialId}`);
        }
        const version = await acts.version(credentialId);
        await acts.retire({ credentialId, version, reason, acting: offline(`person:${by}`) });
        console.log(`${credentialId} is retired.`);
        return 0;
      }),
    );
  },
};

const find = <T>(app: INestApplicationContext, token: abstract new (...args: never[]) => T): T =>
  app.get(token, { strict: false });

/** What was asked for, held to the rules of the route. */
function readAsked(values: OptionValues) {
  const number = (name: string) =>
    typeof values[name] === 'string' ? { [name]: Number(values[name]) } : {};
  const read = createCredentialBody
    .pick({
      id: true,
      bank: true,
      affiliate: true,
      receiving_phone: true,
      calls_allowed: true,
      window_seconds: true,
    })
    .safeParse({
      id: required(values, 'credential'),
      bank: required(values, 'bank'),
      affiliate: required(values, 'affiliate'),
      receiving_phone: values['receiving-phone'],
      calls_allowed: number('calls')['calls'],
      window_seconds: number('window-seconds')['window-seconds'],
    });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(`${String(issue?.path[0] ?? 'an option')} ${issue?.message ?? 'is wrong'}`);
}

/** Tries what waits, as a verifier would, until the own trial has ended; one that runs elsewhere is waited for. */
async function tried(
  app: INestApplicationContext,
  credentialId: string,
  trialId: string,
): Promise<string> {
  const [clock, worker, trials] = [
    find(app, Clock),
    find(app, CredentialTrialWorker),
    find(app, CredentialTrials),
  ];
  const signal = new AbortController().signal;
  const begunMs = clock.monotonicMs();
  while (clock.monotonicMs() - begunMs < LONGEST_MS) {
    const state = await worker.run(signal);
    const outcome = (await trials.find(credentialId, trialId))?.outcome ?? null;
    if (outcome !== null) return outcome;
    if (state === 'idle') await clock.pause(LOOK_EVERY_MS, signal);
  }
  return 'unknown';
}
