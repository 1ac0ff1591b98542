import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../kernel/event.js';
import type { RecordedStep } from '../../kernel/retrial.js';
import type { EventCodec, RecordedEvent } from '../event-store/event-codec.js';
import { checksumOf } from '../event-store/event-hash.js';
import type { EventMetadata, StoredEvent } from '../event-store/stored-event.js';
import type { AuditedCategory } from './audited-category.js';
import { placeOf, type Finding } from './finding.js';

/** What has to be remembered of a stream to judge its next event. */
export interface StreamSoFar {
  readonly revision: bigint;
  readonly hash: string | null;
  readonly state: unknown;
  readonly previous: RecordedStep<unknown, Event> | null;
  /** False after a finding: what follows from a wrong state says nothing. */
  readonly sound: boolean;
}

export const emptyStream = ({ aggregate }: AuditedCategory): StreamSoFar => ({
  revision: -1n,
  hash: null,
  state: aggregate.initialState,
  previous: null,
  sound: true,
});

/** Whatever the event's own checksum says of it; null when it says nothing, or has none. */
export function damageOf(event: RecordedEvent): Finding | null {
  const { metadata, streamName, revision, eventId, storedAs: type } = event;
  if (!hasChecksum(metadata)) return strangerIn(event);
  const data = JSON.stringify(event.data);
  const found = checksumOf({ streamName, revision, eventId, type, data }, metadata);
  if (found === metadata.checksum) return null;
  const detail = 'its bytes are not the ones that were written: the checksum differs';
  return { kind: 'event_changed', ...placeOf(event), detail };
}

// The compiler demands every field of the metadata here.
const METADATA: Readonly<Record<keyof EventMetadata, true>> = {
  actor: true,
  requestId: true,
  $correlationId: true,
  $causationId: true,
  traceId: true,
  spanId: true,
  previousHash: true,
  fingerprint: true,
  checksum: true,
};

/** A field that nobody writes was another one once: perhaps the checksum. */
function strangerIn(event: RecordedEvent): Finding | null {
  const { metadata } = event;
  if (typeof metadata !== 'object' || metadata === null || !('actor' in metadata)) return null;
  const stranger = Object.keys(metadata).find((field) => !Object.hasOwn(METADATA, field));
  if (stranger === undefined) return null;
  const detail = 'its metadata has a field that is never written';
  return { kind: 'event_changed', ...placeOf(event), detail };
}

/** The stream one event on, and what is wrong with that event. */
export function judgeEvent(
  codec: EventCodec,
  category: AuditedCategory,
  soFar: StreamSoFar,
  recorded: RecordedEvent,
): { readonly next: StreamSoFar; readonly findings: readonly Finding[] } {
  const stored = codec.decode(recorded);
  const findings: Finding[] = [];
  const find = (kind: Finding['kind'], detail: string): void => {
    findings.push({ kind, ...placeOf(recorded), detail });
  };
  const damage = damageOf(recorded);
  if (damage !== null) findings.push(damage);
  else if (stored === null) {
    find('event_unreadable', `its metadata or its name "${recorded.storedAs}" cannot be read`);
  }
  if (recorded.revision !== soFar.revision + 1n) {
    find('revision_gap', `it follows revision ${soFar.revision} of its stream`);
  } else if (stored !== null && soFar.sound && stored.metadata.previousHash !== soFar.hash) {
    const before = soFar.revision < 0n ? 'nothing' : `revision ${soFar.revision}`;
    find('chain_broken', `it was not written after what stands before it (${before})`);
  }
  if (stored === null || findings.length > 0 || !soFar.sound) {
    return { next: afterTrouble(soFar, recorded, stored), findings };
  }
  const event = { type: stored.type, data: stored.data };
  const step = { before: soFar.state, event };
  const dissent = dissentOf(category, step, soFar.previous);
  if (dissent !== null) find('decision_differs', dissent);
  return {
    next: {
      revision: recorded.revision,
      hash: stored.hash,
      state: category.aggregate.evolve(soFar.state, event),
      previous: step,
      sound: dissent === null,
    },
    findings,
  };
}

const afterTrouble = (
  soFar: StreamSoFar,
  recorded: RecordedEvent,
  stored: StoredEvent | null,
): StreamSoFar => ({
  ...soFar,
  revision: recorded.revision,
  hash: stored?.hash ?? null,
  previous: null,
  sound: false,
});

/** How the rules' answer differs from the recorded one; null when it does not. */
function dissentOf(
  { retry }: AuditedCategory,
  step: RecordedStep<unknown, Event>,
  previous: RecordedStep<unknown, Event> | null,
): string | null {
  try {
    const decision = retry(step, previous);
    if (decision.outcome === 'rejected') return `the rules refuse it: ${decision.code}`;
    const [again, ...more] = decision.events;
    if (again === undefined) return 'the rules would have recorded nothing';
    if (more.length > 0 || again.type !== step.event.type) {
      return `the rules would have recorded ${decision.events.map(({ type }) => type).join(', ')}`;
    }
    return isDeepStrictEqual(asStored(again.data), asStored(step.event.data))
      ? null
      : 'the rules would have recorded other content';
  } catch (error) {
    return `the rules cannot judge it: ${error instanceof Error ? error.name : 'failure'}`;
  }
}

const asStored = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

const hasChecksum = (
  metadata: unknown,
): metadata is EventMetadata & { readonly checksum: string } =>
  typeof metadata === 'object' &&
  metadata !== null &&
  'checksum' in metadata &&
  typeof metadata.checksum === 'string';
