import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { contractEvents, eventStorePortContract } from './event-store-port.contract.js';

const store = new InMemoryEventStore(contractEvents);

eventStorePortContract(() => store);
