import { PostgresGatewayClosures } from '../bank-gateway/permits/postgres-gateway-closures.store.js';
import { PostgresRawAnswers } from '../bank-gateway/raw-answers/postgres-raw-answers.store.js';
import { SystemClock } from '../kernel/clock.js';
import { SystemRandomSource } from '../kernel/ids.js';
import { readConfiguration } from '../platform/config/config.js';
import { DatabaseConfig, PersonalDataConfig } from '../platform/config/config.schema.js';
import { PostgresConnection } from '../platform/database/postgres-connection.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { MasterKeys } from '../platform/personal-data/master-keys.js';
import { GATEWAY_ACT, GATEWAY_CREDENTIAL } from './gateway-options.js';
import { required } from './required-option.js';
import type { Task } from './task.js';

async function withDatabase<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
  const { url } = readConfiguration([DatabaseConfig]).section(DatabaseConfig);
  const options = { url: url.reveal(), poolSize: 1, onConnectionFailure: () => undefined };
  const connection = new PostgresConnection(options, new Metrics());
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

const withClosures = <T>(work: (closures: PostgresGatewayClosures) => Promise<T>): Promise<T> =>
  withDatabase((connection) => work(new PostgresGatewayClosures(connection)));

/** Exit code 1 when the credential is closed, so that a script can ask. */
export const gatewayStatusTask: Task = {
  options: { credential: GATEWAY_CREDENTIAL },
  async run(values) {
    const credential = required(values, 'credential');
    const closure = await withClosures((closures) => closures.find(credential));
    console.log(
      closure === null
        ? `${credential} is open.`
        : `${credential} is closed since ${closure.closedAt.toISOString()}: ${closure.reason}.`,
    );
    return closure === null ? 0 : 1;
  },
};

export const gatewayPauseTask: Task = {
  options: GATEWAY_ACT,
  async run(values) {
    const credential = required(values, 'credential');
    const act = { by: required(values, 'by'), reason: required(values, 'reason') };
    const [changed, wasUsed] = await withClosures(async (closures) => [
      await closures.close(credential, act),
      await closures.wasUsed(credential),
    ]);
    console.log(changed ? `${credential} is closed now.` : `${credential} was closed already.`);
    // A mistyped name would leave the way open that somebody meant to close.
    if (!wasUsed) console.log(`No call was made as ${credential} of late: is that its name?`);
    return 0;
  },
};

export const gatewayResumeTask: Task = {
  options: GATEWAY_ACT,
  async run(values) {
    const credential = required(values, 'credential');
    const act = { by: required(values, 'by'), reason: required(values, 'reason') };
    const changed = await withClosures((closures) => closures.reopen(credential, act));
    console.log(changed ? `${credential} is open again.` : `${credential} was open already.`);
    return 0;
  },
};

/** Prints what a bank answered, personal data and all: for whoever may see the evidence of a review. */
export const gatewayAnswerTask: Task = {
  options: {
    ask: { type: 'string', summary: 'the ask, as the history of a transaction names it' },
  },
  async run(values) {
    const askId = required(values, 'ask');
    const personalData = readConfiguration([PersonalDataConfig]).section(PersonalDataConfig);
    const answers = await withDatabase((database) =>
      new PostgresRawAnswers(0, {
        database,
        masterKeys: MasterKeys.from(personalData),
        clock: new SystemClock(),
        random: new SystemRandomSource(),
      }).find(askId),
    );
    for (const { body } of answers) console.log(body.toString('utf8'));
    return answers.length > 0 ? 0 : 1;
  },
};
