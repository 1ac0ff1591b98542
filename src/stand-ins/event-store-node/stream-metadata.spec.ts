import {
  describedBy,
  firstVisibleRevision,
  metastreamOf,
  NO_METADATA,
  parseStreamMetadata,
  revivedMetadata,
  SOFT_DELETE_METADATA,
} from './stream-metadata.js';

const parsed = (text: string) => parseStreamMetadata(Buffer.from(text));

describe('reading the metadata of a stream', () => {
  it('takes age in seconds', () => {
    expect(parsed('{"$maxAge":60}').maxAgeMs).toBe(60_000);
  });

  it.each(['{"$maxCount":0}', '{"$maxCount":-1}', '{"$maxCount":"3"}', '{"$maxCount":1.5}'])(
    'sets no limit by %s',
    (text) => {
      expect(parsed(text).maxCount).toBeNull();
    },
  );

  it.each(['', '[]', '3', 'null', '{"$maxCount":'])('takes %j for no metadata', (text) => {
    expect(parsed(text)).toEqual(NO_METADATA);
  });

  it('knows a deleted stream by the largest truncation there is', () => {
    expect([
      parseStreamMetadata(SOFT_DELETE_METADATA).softDeleted,
      parsed(`{"$tb":${Number.MAX_SAFE_INTEGER}}`).softDeleted,
    ]).toEqual([true, false]);
  });

  it('keeps every other key when a stream is revived', () => {
    const deleted = parsed('{"$tb":9223372036854775807,"$maxCount":5,"owner":"a"}');
    const revived = parseStreamMetadata(revivedMetadata(deleted, 12));

    expect(revived.written).toEqual({ $tb: 12, $maxCount: 5, owner: 'a' });
  });
});

describe('finding the first revision to show', () => {
  it.each([
    ['{}', 9, 0],
    ['{"$maxCount":3}', 9, 7],
    ['{"$maxCount":100}', 9, 0],
    ['{"$tb":4}', 9, 4],
    ['{"$tb":4,"$maxCount":3}', 9, 7],
    ['{"$tb":8,"$maxCount":3}', 9, 8],
    ['{"$tb":-4}', 9, 0],
  ])('of %s with last revision %d is %d', (text, last, first) => {
    expect(firstVisibleRevision(parsed(text), last)).toBe(first);
  });
});

describe('naming metastreams', () => {
  it('leads there and back', () => {
    expect(describedBy(metastreamOf('order-1'))).toBe('order-1');
  });

  it('takes no other system stream for one', () => {
    expect([describedBy('$settings'), describedBy('order-1')]).toEqual([null, null]);
  });
});
