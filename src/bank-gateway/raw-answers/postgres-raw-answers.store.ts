import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import type { RandomSource } from '../../kernel/ids.js';
import { addDays, type LocalDate, localDateAt } from '../../kernel/local-date.js';
import type { DatabaseConnection } from '../../platform/database/database.js';
import type { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES, openBox, sealBox } from '../../platform/personal-data/sealed-box.js';
import './raw-answer.table.js';
import { type RawAnswer, RawAnswers } from './raw-answers.port.js';

export interface RawAnswersParts {
  readonly database: DatabaseConnection;
  readonly masterKeys: MasterKeys;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const KEY_BYTES = 32;

interface DayKey {
  readonly on: LocalDate;
  readonly key: KeyObject;
}

/** Raw answers in Postgres, locked under a key for each day; the key of an old day goes, and its answers with it. */
export class PostgresRawAnswers extends RawAnswers {
  private today: DayKey | null = null;

  constructor(
    private readonly keptDays: number,
    private readonly parts: RawAnswersParts,
  ) {
    super();
  }

  async keep({ askId, credentialId, page, body }: RawAnswer): Promise<void> {
    if (this.keptDays === 0) return;
    const { database, clock, random } = this.parts;
    const { on, key } = await this.keyOf(localDateAt(clock.now()));
    const nonce = random.bytes(NONCE_BYTES);
    await database.kysely
      .insertInto('state.raw_answer')
      .values({
        raw_answer_id: random.uuid(),
        ask_id: askId,
        credential_id: credentialId,
        page,
        received_at: clock.now(),
        key_on: on,
        box: sealBox(body, { key, nonce, purpose: purposeOf(askId, page) }),
      })
      .execute();
  }

  async find(askId: string): Promise<readonly RawAnswer[]> {
    const rows = await this.parts.database.kysely
      .selectFrom('state.raw_answer as answer')
      .innerJoin('state.raw_answer_key as day', 'day.key_on', 'answer.key_on')
      .select([
        'answer.credential_id',
        'answer.page',
        'answer.box',
        'day.key_on',
        'day.wrapped_key',
      ])
      .where('answer.ask_id', '=', askId)
      .orderBy('answer.page')
      .execute();
    return rows.map(({ credential_id: credentialId, page, box, key_on, wrapped_key }) => {
      const key = this.unwrap(key_on, wrapped_key);
      return {
        askId,
        credentialId,
        page,
        body: openBox(box, { key, purpose: purposeOf(askId, page) }),
      };
    });
  }

  /** Locks the keys of all days with the current master key; gives how many were locked with the one before. */
  async rewrapKeys(): Promise<number> {
    const { database, random, masterKeys } = this.parts;
    const days = await database.kysely.selectFrom('state.raw_answer_key').selectAll().execute();
    let rewrapped = 0;
    for (const { key_on: on, wrapped_key: wrapped } of days) {
      const sealing = { nonce: random.bytes(NONCE_BYTES), purpose: keyPurpose(on) };
      const resealed = masterKeys.reseal(wrapped, sealing);
      if (resealed === null) continue;
      await database.kysely
        .updateTable('state.raw_answer_key')
        .set({ wrapped_key: resealed })
        .where('key_on', '=', on)
        .execute();
      rewrapped += 1;
    }
    return rewrapped;
  }

  private async keyOf(on: LocalDate): Promise<DayKey> {
    if (this.today?.on === on) return this.today;
    this.today = { on, key: (await this.mint(on)) ?? (await this.known(on)) };
    return this.today;
  }

  async endOld(): Promise<number> {
    const { database, clock } = this.parts;
    const { numDeletedRows } = await database.kysely
      .deleteFrom('state.raw_answer_key')
      .where('key_on', '<=', addDays(localDateAt(clock.now()), -this.keptDays))
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  /** Null when another instance was first. */
  private async mint(on: LocalDate): Promise<KeyObject | null> {
    const { database, random, masterKeys } = this.parts;
    const bytes = random.bytes(KEY_BYTES);
    const wrapping = { nonce: random.bytes(NONCE_BYTES), purpose: keyPurpose(on) };
    const { numInsertedOrUpdatedRows } = await database.kysely
      .insertInto('state.raw_answer_key')
      .values({ key_on: on, wrapped_key: masterKeys.seal(bytes, wrapping) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return null;
    return createSecretKey(bytes);
  }

  private async known(on: LocalDate): Promise<KeyObject> {
    const { wrapped_key: wrapped } = await this.parts.database.kysely
      .selectFrom('state.raw_answer_key')
      .select('wrapped_key')
      .where('key_on', '=', on)
      .executeTakeFirstOrThrow();
    return this.unwrap(on, wrapped);
  }

  private unwrap(on: string, wrapped: Buffer): KeyObject {
    return createSecretKey(this.parts.masterKeys.open(wrapped, keyPurpose(on)));
  }
}

// A box or a key moved to another row does not open there.
const purposeOf = (askId: string, page: number): string => `raw-answer ${askId} ${page}`;
const keyPurpose = (on: string): string => `raw-answer-key ${on}`;
