import { ConsoleLogger, Logger } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { BankRegistry } from '../bank-gateway/bank-registry.js';
import type { BankSetup } from '../bank-gateway/bank-setup.js';
import { BanescoConfig } from '../bank-gateway/banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from '../bank-gateway/banks/banesco/banesco.sandbox.config.js';
import { VenezuelaSandboxConfig } from '../bank-gateway/banks/venezuela/venezuela.sandbox.config.js';
import { VenezuelaConfig } from '../bank-gateway/banks/venezuela/venezuela.config.js';
import type { BankSecret } from '../bank-gateway/credentials/bank-secrets.port.js';
import { CredentialTrial } from '../bank-gateway/credentials/credential-trial.js';
import { PostgresBankSecrets } from '../bank-gateway/credentials/postgres-bank-secrets.store.js';
import { PrometheusBankMeter } from '../bank-gateway/http/prometheus-bank-meter.js';
import { PostgresPermitLog } from '../bank-gateway/permits/postgres-permit-log.store.js';
import { SystemClock } from '../kernel/clock.js';
import { SystemRandomSource } from '../kernel/ids.js';
import { readConfiguration, type Configuration } from '../platform/config/config.js';
import { DatabaseConfig, PersonalDataConfig } from '../platform/config/config.schema.js';
import { Secret } from '../platform/config/secret.js';
import { PostgresConnection } from '../platform/database/postgres-connection.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MasterKeys } from '../platform/personal-data/master-keys.js';
import { GATEWAY_ACT, GATEWAY_CREDENTIAL } from './gateway-options.js';
import { required } from './required-option.js';
import { UsageError, type Task } from './task.js';

const secretFile = z.union([
  z.strictObject({ client_id: z.string().min(1), client_secret: z.string().min(1) }),
  z.strictObject({ api_key: z.string().min(1) }),
]);

const WHAT_A_FILE_HOLDS =
  'the file must hold {"client_id": …, "client_secret": …} or {"api_key": …}';

/** From a file or the standard input, never from an argument: those are seen by everybody on the machine. */
async function readSecret(file: string): Promise<BankSecret> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  const read = secretFile.safeParse(parsed(content));
  if (!read.success) throw new UsageError(WHAT_A_FILE_HOLDS);
  return 'api_key' in read.data
    ? { by: 'api_key', key: new Secret(read.data.api_key) }
    : {
        by: 'token',
        clientId: new Secret(read.data.client_id),
        clientSecret: new Secret(read.data.client_secret),
      };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // Without the parser's own words, which quote what they could not read.
    throw new UsageError(WHAT_A_FILE_HOLDS);
  }
}

interface Tools {
  readonly configuration: Configuration;
  readonly connection: PostgresConnection;
  readonly secrets: PostgresBankSecrets;
}

async function withTools<T>(work: (tools: Tools) => Promise<T>): Promise<T> {
  const banks = [BanescoConfig, BanescoSandboxConfig, VenezuelaConfig, VenezuelaSandboxConfig];
  const sections = [DatabaseConfig, PersonalDataConfig, ...banks];
  const configuration = readConfiguration(sections);
  const { url } = configuration.section(DatabaseConfig);
  const connection = new PostgresConnection(
    { url: url.reveal(), poolSize: 1, onConnectionFailure: () => undefined },
    new Metrics(),
  );
  const secrets = new PostgresBankSecrets({
    database: connection,
    masterKeys: MasterKeys.from(configuration.section(PersonalDataConfig)),
    random: new SystemRandomSource(),
  });
  try {
    return await work({ configuration, connection, secrets });
  } finally {
    await connection.close();
  }
}

function setupOf(registry: BankRegistry, credentialId: string): BankSetup {
  const setup = registry.banks.find(({ credential }) => credential.credentialId === credentialId);
  if (setup === undefined) throw new UsageError(`no bank is configured as ${credentialId}`);
  return setup;
}

function trialOf({ configuration, connection }: Tools, credentialId: string): CredentialTrial {
  const registry = new BankRegistry({
    banesco: configuration.section(BanescoConfig),
    banescoSandbox: configuration.section(BanescoSandboxConfig),
    venezuela: configuration.section(VenezuelaConfig),
    venezuelaSandbox: configuration.section(VenezuelaSandboxConfig),
  });
  const setup = setupOf(registry, credentialId);
  const [clock, random] = [new SystemClock(), new SystemRandomSource()];
  return new CredentialTrial(setup, {
    permits: new PostgresPermitLog(connection, registry.limits, clock, random),
    meter: new PrometheusBankMeter(new Metrics(), setup.credential),
    clock,
    random,
  });
}

const SAID = {
  refused: 'The bank refuses them; nothing was changed.',
  unknown: 'The bank did not say whether it takes them; nothing was changed. Try again later.',
} as const;

/** Exit code 1 when they were not put in force. */
export const gatewayCredentialsSetTask: Task = {
  options: {
    ...GATEWAY_ACT,
    file: { type: 'string', summary: 'holds the secrets as JSON; - for the standard input' },
    account: {
      type: 'string',
      summary: 'an account of ours at the bank, to test a key with (banks without tokens)',
      default: '',
    },
  },
  async run(values) {
    const credential = required(values, 'credential');
    const act = { by: required(values, 'by'), reason: required(values, 'reason') };
    const secret = await readSecret(required(values, 'file'));
    const account = String(values['account'] ?? '') || null;
    // Why a bank refuses is worth a line; that it was called, the answer below tells.
    Logger.overrideLogger(new ConsoleLogger({ json: true, logLevels: ['warn', 'error', 'fatal'] }));
    return withTools(async (tools) => {
      const trial = trialOf(tools, credential);
      const outcome = await trial.of(secret, account, new AbortController().signal);
      if (outcome !== 'accepted') {
        console.log(SAID[outcome]);
        return 1;
      }
      const testedAt = new SystemClock().now();
      const version = await tools.secrets.store(credential, { secret, testedAt }, act);
      console.log(`The bank takes them; version ${version} of ${credential} is in force.`);
      return 0;
    });
  },
};

export const gatewayCredentialsStatusTask: Task = {
  options: { credential: GATEWAY_CREDENTIAL },
  async run(values) {
    const credential = required(values, 'credential');
    const stored = await withTools(({ secrets }) => secrets.inForce(credential));
    console.log(
      stored === null
        ? `${credential} uses the secrets of the configuration.`
        : `${credential} uses version ${stored.version}, stored ${stored.storedAt.toISOString()}.`,
    );
    return 0;
  },
};

export const gatewayCredentialsRemoveTask: Task = {
  options: GATEWAY_ACT,
  async run(values) {
    const credential = required(values, 'credential');
    const act = { by: required(values, 'by'), reason: required(values, 'reason') };
    const changed = await withTools(({ secrets }) => secrets.remove(credential, act));
    console.log(
      changed
        ? `${credential} uses the secrets of the configuration again.`
        : `${credential} used the secrets of the configuration already.`,
    );
    return 0;
  },
};
