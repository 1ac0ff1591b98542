import { ActWitnesses } from '../access/acts/act-witnesses.port.js';
import { PostgresSecurityActs } from '../access/acts/postgres-security-acts.store.js';
import { offline } from '../access/acts/security-acts.port.js';
import { rewrapAccessSecrets } from '../access/locked-secrets.store.js';
import { CredentialTrials } from '../bank-gateway/credentials/credential-trials.store.js';
import { PostgresBankSecrets } from '../bank-gateway/credentials/postgres-bank-secrets.store.js';
import { PostgresRawAnswers } from '../bank-gateway/raw-answers/postgres-raw-answers.store.js';
import { SystemClock } from '../kernel/clock.js';
import { SystemRandomSource } from '../kernel/ids.js';
import { readConfiguration } from '../platform/config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  PersonalDataConfig,
} from '../platform/config/config.schema.js';
import { PostgresConnection } from '../platform/database/postgres-connection.js';
import { EventStoreDbLogReader } from '../platform/event-store/eventstoredb.log-reader.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { DataKeyStore, eraseKeys } from '../platform/personal-data/data-key.store.js';
import { MasterKeys } from '../platform/personal-data/master-keys.js';
import { knownCodec } from './log/known-log.js';
import type { PersonalDataErased } from '../transactions/events/personal-data-erased.event.js';
import { ProgressLine } from './local/progress-line.js';
import type { Task } from './task.js';

const KEYS_AT_ONCE = 1_000;

async function withDatabase<T>(work: (database: PostgresConnection) => Promise<T>): Promise<T> {
  const { url } = readConfiguration([DatabaseConfig]).section(DatabaseConfig);
  const options = { url: url.reveal(), poolSize: 1, onConnectionFailure: () => undefined };
  const database = new PostgresConnection(options, new Metrics());
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Locks every data key with the current master key; may be stopped and run again at any time. */
export const rotateMasterTask: Task = {
  options: {},
  run() {
    const config = readConfiguration([PersonalDataConfig]).section(PersonalDataConfig);
    const masterKeys = MasterKeys.from(config);
    const random = new SystemRandomSource();
    return withDatabase(async (database) => {
      const keys = new DataKeyStore(database, masterKeys, random);
      const progress = new ProgressLine(process.stderr);
      let [seen, rewrapped] = [0, 0];
      for (let after: string | null = null; ;) {
        const step = await keys.rewrap(after, KEYS_AT_ONCE);
        if (step === null) break;
        seen += step.seen;
        rewrapped += step.rewrapped;
        after = step.upTo;
        progress.show(`${seen} keys`);
      }
      const clock = new SystemClock();
      const days = new PostgresRawAnswers(0, { database, masterKeys, clock, random });
      const daysRewrapped = await days.rewrapKeys();
      const secrets = new PostgresBankSecrets({ database, masterKeys, random });
      const trials = new CredentialTrials({ database, masterKeys, random });
      const secretsRewrapped = (await secrets.rewrap()) + (await trials.rewrap());
      const { kysely } = database;
      const ownRewrapped = await rewrapAccessSecrets({ kysely, masterKeys, random });
      await new PostgresSecurityActs(database, clock, random, new ActWitnesses()).record(
        {
          act: 'master_key.rotated',
          subject: 'master_key:personal_data',
          particulars: {
            dataKeys: rewrapped,
            others: daysRewrapped + secretsRewrapped + ownRewrapped,
          },
        },
        offline('process:cli'),
      );
      progress.end(
        `${seen} data keys, ${rewrapped} of them locked anew; ${daysRewrapped} keys of raw answers, ${secretsRewrapped} secrets of banks and ${ownRewrapped} of signing and one-time codes locked anew.`,
      );
      return 0;
    });
  },
};

/** Deletes the key of every erasure that the log holds; for the time after a restore of the database. */
export const reapplyErasuresTask: Task = {
  options: {},
  run() {
    const { url } = readConfiguration([EventStoreConfig]).section(EventStoreConfig);
    return withDatabase(async (database) => {
      const reader = new EventStoreDbLogReader(url.reveal());
      const codec = knownCodec();
      let [erasures, deletedAgain] = [0, 0];
      try {
        for await (const recorded of reader.readAll(null)) {
          if (codec.decode(recorded)?.type !== 'PersonalDataErased.v1') continue;
          const { keyIds } = codec.decodeKnown(recorded).data as PersonalDataErased;
          deletedAgain += await eraseKeys(database.kysely, keyIds);
          erasures += 1;
        }
      } finally {
        await reader.close();
      }
      console.log(`${erasures} erasures are in the log; ${deletedAgain} keys were deleted again.`);
      return 0;
    });
  },
};
