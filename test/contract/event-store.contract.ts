import { appendingContract } from './event-store/appending.contract.js';
import { deletingStreamsContract } from './event-store/deleting-streams.contract.js';
import { describingStreamsContract } from './event-store/describing-streams.contract.js';
import { EventStoreUnderTest } from './event-store/event-store-under-test.js';
import { expectingRevisionsContract } from './event-store/expecting-revisions.contract.js';
import { followingAllContract } from './event-store/following-all.contract.js';
import { followingStreamsContract } from './event-store/following-streams.contract.js';
import { linkingEventsContract } from './event-store/linking-events.contract.js';
import { readingAllContract } from './event-store/reading-all.contract.js';
import { readingStreamsContract } from './event-store/reading-streams.contract.js';
import { refusingOverTheWireContract } from './event-store/refusing-over-the-wire.contract.js';
import { sharingWorkContract } from './event-store/sharing-work.contract.js';
import { speakingTheWireContract } from './event-store/speaking-the-wire.contract.js';

/**
 * What an event store must do to carry the product, each rule named by the sentence it checks.
 * Written from what EventStoreDB does, not from what our stand-in does: it runs against both.
 */
export function eventStoreContract(connectionString: () => string): void {
  let underTest: EventStoreUnderTest | undefined;
  const store = (): EventStoreUnderTest => {
    underTest ??= new EventStoreUnderTest(connectionString());
    return underTest;
  };

  afterAll(async () => {
    await underTest?.dispose();
  });

  appendingContract(store);
  expectingRevisionsContract(store);
  readingStreamsContract(store);
  readingAllContract(store);
  deletingStreamsContract(store);
  describingStreamsContract(store);
  linkingEventsContract(store);
  followingStreamsContract(store);
  followingAllContract(store);
  sharingWorkContract(store);
  speakingTheWireContract(store);
  refusingOverTheWireContract(store);
}
