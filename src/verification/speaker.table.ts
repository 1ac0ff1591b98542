/** Which instance speaks for a credential, and until when unless it says so again. */
interface CredentialSpeakerTable {
  credential_id: string;
  holder: string;
  until_at: Date;
  /** How large a share of the permits first asks take, as it counts them. */
  first_ask_share: number;
  /** Until when it leaves a bank alone that it cannot reach; in the past when it can. */
  circuit_open_until: Date;
}

declare module '../platform/database/database.js' {
  interface Database {
    'state.credential_speaker': CredentialSpeakerTable;
  }
}
