/** One reply in its box; gone with the key of its day. */
interface RawAnswerTable {
  raw_answer_id: string;
  ask_id: string;
  credential_id: string;
  page: number;
  received_at: Date;
  key_on: string;
  box: Buffer;
}

/** The key of one day, locked with the master key. */
interface RawAnswerKeyTable {
  key_on: string;
  wrapped_key: Buffer;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.raw_answer': RawAnswerTable;
    'state.raw_answer_key': RawAnswerKeyTable;
  }
}
