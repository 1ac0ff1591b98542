import { LENGTH_DELIMITED, VARINT } from './protobuf-reader.js';

const INITIAL_BYTES = 256;

/** How many bytes a number takes as a varint. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Writes a number as a varint and returns the offset after it. */
export function writeVarint(into: Buffer, at: number, value: number): number {
  let offset = at;
  let rest = value;
  while (rest >= 128) {
    into[offset] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
    offset += 1;
  }
  into[offset] = rest;
  return offset + 1;
}

/** Builds one protobuf message, field by field. */
export class ProtobufWriter {
  private buffer: Buffer;
  private length = 0;

  constructor(expectedBytes = INITIAL_BYTES) {
    this.buffer = Buffer.allocUnsafe(expectedBytes);
  }

  uint64(field: number, value: number): this {
    this.reserve(20);
    this.tag(field, VARINT);
    this.length = writeVarint(this.buffer, this.length, value);
    return this;
  }

  /** A 64-bit number that a double cannot hold, such as the revision of a tombstone. */
  uint64Big(field: number, value: bigint): this {
    this.reserve(20);
    this.tag(field, VARINT);
    let rest = value;
    while (rest >= 128n) {
      this.buffer[this.length] = Number(rest % 128n) + 128;
      rest /= 128n;
      this.length += 1;
    }
    this.buffer[this.length] = Number(rest);
    this.length += 1;
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.reserve(value.length + 20);
    this.tag(field, LENGTH_DELIMITED);
    this.length = writeVarint(this.buffer, this.length, value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  text(field: number, value: string): this {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    this.reserve(value.length * 3 + 20);
    this.tag(field, LENGTH_DELIMITED);
    const from = this.length;
    this.endMessage(from, from + 1 + this.buffer.write(value, from + 1, 'utf8'));
    return this;
  }

  /** A nested message, written where it stands: a buffer for each would cost more than the rest of the work. */
  message(field: number, build: (nested: ProtobufWriter) => void): this {
    this.reserve(20);
    this.tag(field, LENGTH_DELIMITED);
    const from = this.length;
    this.length += 1;
    build(this);
    this.endMessage(from, this.length);
    return this;
  }

  /** A nested message without fields, as the protocol marks a choice that carries no value. */
  empty(field: number): this {
    this.reserve(20);
    this.tag(field, LENGTH_DELIMITED);
    this.buffer[this.length] = 0;
    this.length += 1;
    return this;
  }

  /** The message so far; the writer must not be used afterwards. */
  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Puts the length before what was written one byte after `from`, and moves that when the length takes more room. */
  private endMessage(from: number, end: number): void {
    const size = end - from - 1;
    const room = varintSize(size);
    if (room > 1) {
      this.length = end;
      this.reserve(room);
      this.buffer.copyWithin(from + room, from + 1, end);
    }
    writeVarint(this.buffer, from, size);
    this.length = from + room + size;
  }

  private tag(field: number, wireType: number): void {
    this.length = writeVarint(this.buffer, this.length, field * 8 + wireType);
  }

  private reserve(extra: number): void {
    if (this.length + extra <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + extra));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
