import { FrameReader, writeFrame } from './grpc-frames.js';
import { WireError } from './wire-errors.js';

const framed = (...messages: Buffer[]): Buffer => {
  const parts: Buffer[] = [];
  for (const message of messages) writeFrame(parts, message);
  return Buffer.concat(parts);
};

const MESSAGES = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(3000, 7), Buffer.from('end')];

describe('cutting what arrives into messages', () => {
  it.each([1, 2, 5, 6, 7, 1000, 100_000])('in chunks of %d bytes', (size) => {
    const bytes = framed(...MESSAGES);
    const reader = new FrameReader();
    const read: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      read.push(...reader.read(bytes.subarray(at, at + size)));
    }

    expect(read).toEqual(MESSAGES);
  });

  it('gives nothing of a message that is not whole', () => {
    expect([...new FrameReader().read(framed(Buffer.from('abc')).subarray(0, 7))]).toEqual([]);
  });

  it.each([
    ['compressed', Buffer.from([1, 0, 0, 0, 0])],
    ['too long', Buffer.from([0, 0x7f, 0xff, 0xff, 0xff])],
  ])('refuses a message that is %s', (_, bytes) => {
    expect(() => [...new FrameReader().read(bytes)]).toThrow(WireError);
  });
});
