import streamsMessages from '@eventstore/db-client/generated/streams_pb.js';
import { encodeReadEvent } from './read-answer.codec.js';
import {
  encodeRecordedEvent,
  readRecordedEvent,
  TOMBSTONE_REVISION,
  withStructuredId,
} from './recorded-event.js';

const ID = '6f2a1c00-1111-4222-8333-9876543210ab';
const AT = { stream: 'café-1', revision: 7, position: 123_456_789_012, atMs: 1_795_344_630_659 };

const record = (over: Partial<typeof AT> = {}): Buffer =>
  encodeRecordedEvent(
    {
      id: ID,
      type: 'Noted',
      contentType: 'application/json',
      metadata: Buffer.from('{"by":"a"}'),
      data: Buffer.from('{"x":1}'),
    },
    { ...AT, ...over },
  );

/** What the client's own generated codec makes of an answer. */
const decoded = (bytes: Buffer) =>
  streamsMessages.ReadResp.deserializeBinary(encodeReadEvent({ record: bytes, position: 5 }))
    .getEvent()
    ?.getEvent();

describe('encoding a recorded event', () => {
  it('writes what the generated codec of the client reads', () => {
    expect(decoded(record())?.toObject()).toEqual({
      id: { string: ID, structured: undefined },
      streamIdentifier: { streamName: Buffer.from(AT.stream).toString('base64') },
      streamRevision: '7',
      preparePosition: `${AT.position}`,
      commitPosition: `${AT.position}`,
      metadataMap: [
        ['content-type', 'application/json'],
        ['created', '17953446306590000'],
        ['type', 'Noted'],
      ],
      customMetadata: Buffer.from('{"by":"a"}').toString('base64'),
      data: Buffer.from('{"x":1}').toString('base64'),
    });
  });

  it('shows a tombstone with the largest revision there is', () => {
    expect(decoded(record({ revision: TOMBSTONE_REVISION }))?.getStreamRevision()).toBe(
      '9223372036854775807',
    );
  });

  it('reads back the parts the node looks at', () => {
    expect(readRecordedEvent(record())).toEqual({
      id: ID,
      stream: AT.stream,
      revision: 7,
      createdAtMs: AT.atMs,
      type: 'Noted',
      contentType: 'application/json',
      metadata: Buffer.from('{"by":"a"}'),
      data: Buffer.from('{"x":1}'),
    });
  });

  it('writes the id as two numbers that mean the same', () => {
    const structured = withStructuredId(record());

    expect([
      decoded(structured)?.getId()?.hasStructured(),
      readRecordedEvent(structured).id,
      readRecordedEvent(structured).data.toString(),
    ]).toEqual([true, ID, '{"x":1}']);
  });
});
