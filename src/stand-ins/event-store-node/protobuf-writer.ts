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
  private buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  private length = 0;

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
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  /** A nested message. */
  message(field: number, build: (nested: ProtobufWriter) => void): this {
    const nested = new ProtobufWriter();
    build(nested);
    return this.bytes(field, nested.finish());
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
