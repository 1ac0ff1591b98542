import { eventStoreContract } from './event-store.contract.js';

// Set by run-contract.mjs; without it this file belongs to no jest project.
const address = process.env['EVENTSTOREDB_CONTRACT_ADDRESS'] ?? '';

describe('being EventStoreDB', () => {
  eventStoreContract(() => address);
});
