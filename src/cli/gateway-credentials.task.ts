import { ConsoleLogger, Logger } from '@nestjs/common';
import { BankRegistry } from '../bank-gateway/bank-registry.js';
import type { BankSetup } from '../bank-gateway/bank-setup.js';
import { BanescoConfig } from '../bank-gateway/banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from '../bank-gateway/banks/banesco/banesco.sandbox.config.js';
import { VenezuelaSandboxConfig } from '../bank-gateway/banks/venezuela/venezuela.sandbox.config.js';
import { VenezuelaConfig } from '../bank-gateway/banks/venezuela/venezuela.config.js';
import { CreatedCredentials } from '../bank-gateway/credentials/created-credentials.store.js';
import { CredentialTrial } from '../bank-gateway/credentials/credential-trial.js';
import { PostgresBankSecrets } from '../bank-gateway/credentials/postgres-bank-secrets.store.js';
import { PrometheusBankMeter } from '../bank-gateway/http/prometheus-bank-meter.js';
import { PostgresPermitLog } from '../bank-gateway/permits/postgres-permit-log.store.js';
import { SystemClock } from '../kernel/clock.js';
import { SystemRandomSource } from '../kernel/ids.js';
import { readConfiguration, type Configuration } from '../platform/config/config.js';
import { DatabaseConfig, PersonalDataConfig } from '../platform/config/config.schema.js';
import { PostgresConnection } from '../platform/database/postgres-connection.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MasterKeys } from '../platform/personal-data/master-keys.js';
import { GATEWAY_ACT, GATEWAY_CREDENTIAL } from './gateway-options.js';
import { readSecretFile } from './gateway-secret-file.js';
import { required } from './required-option.js';
import { UsageError, type Task } from './task.js';

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
  const line = registry.find(credentialId);
  if (line === null || line.standing === 'retired') {
    throw new UsageError(`there is no credential ${credentialId}`);
  }
  return line.setup;
}

async function trialOf(
  { configuration, connection }: Tools,
  credentialId: string,
): Promise<CredentialTrial> {
  const registry = new BankRegistry({
    banesco: configuration.section(BanescoConfig),
    banescoSandbox: configuration.section(BanescoSandboxConfig),
    venezuela: configuration.section(VenezuelaConfig),
    venezuelaSandbox: configuration.section(VenezuelaSandboxConfig),
  });
  registry.adopt(await new CreatedCredentials(connection).all());
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
    const secret = await readSecretFile(required(values, 'file'));
    const account = String(values['account'] ?? '') || null;
    // Why a bank refuses is worth a line; that it was called, the answer below tells.
    Logger.overrideLogger(new ConsoleLogger({ json: true, logLevels: ['warn', 'error', 'fatal'] }));
    return withTools(async (tools) => {
      const trial = await trialOf(tools, credential);
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
    const [stored, created] = await withTools(({ connection, secrets }) =>
      Promise.all([
        secrets.inForce(credential),
        new CreatedCredentials(connection).find(connection.kysely, credential),
      ]),
    );
    const none =
      created === null
        ? `${credential} uses the secrets of the configuration.`
        : `${credential} was created and has no secrets in force (${created.standing}).`;
    console.log(
      stored === null
        ? none
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
    const changed = await withTools(async ({ connection, secrets }) => {
      const created = await new CreatedCredentials(connection).find(connection.kysely, credential);
      if (created !== null) {
        throw new UsageError(`${credential} was created here: retire it, or set other secrets`);
      }
      return secrets.remove(credential, act);
    });
    console.log(
      changed
        ? `${credential} uses the secrets of the configuration again.`
        : `${credential} used the secrets of the configuration already.`,
    );
    return 0;
  },
};
