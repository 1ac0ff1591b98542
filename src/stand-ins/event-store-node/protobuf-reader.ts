/** Wire types of the protobuf encoding that EventStoreDB's messages use. */
export const VARINT = 0;
const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Thrown for bytes that are no protobuf message; the caller answers INVALID_ARGUMENT. */
export class MalformedMessage extends Error {
  override name = 'MalformedMessage';
}

/**
 * Walks the fields of one encoded message in place, without copying.
 * The generated codec costs about as much as all other work of an append together, so the hot paths read by hand.
 */
export class ProtobufReader {
  /** Number of the field that `next` stopped at. */
  field = 0;
  /** Wire type of that field. */
  wireType = 0;

  constructor(
    private readonly buffer: Buffer,
    private at = 0,
    private readonly end = buffer.length,
  ) {}

  /** Where the reader stands. */
  get offset(): number {
    return this.at;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    return true;
  }

  /** An unsigned varint; values above 2^53 lose precision and are larger than anything we store. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let read = 0; read < 10; read += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new MalformedMessage('a number is longer than ten bytes');
  }

  /** A varint of which every bit matters. */
  bigVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedMessage('a number is longer than ten bytes');
  }

  /** The bytes of a length-delimited field, as a view. */
  bytes(): Buffer {
    const from = this.pass();
    return this.buffer.subarray(from, this.at);
  }

  text(): string {
    const from = this.pass();
    return this.buffer.toString('utf8', from, this.at);
  }

  /** A nested message, read where it stands. */
  message(): ProtobufReader {
    const from = this.pass();
    return new ProtobufReader(this.buffer, from, this.at);
  }

  /** Passes over the value of a field nobody asked for. */
  skip(): void {
    if (this.wireType === VARINT) this.varint();
    else if (this.wireType === LENGTH_DELIMITED) this.pass();
    else if (this.wireType === FIXED64) this.at += 8;
    else if (this.wireType === FIXED32) this.at += 4;
    else throw new MalformedMessage(`wire type ${this.wireType} is not used`);
  }

  /** Moves behind a length-delimited field and says where its bytes begin. */
  private pass(): number {
    const length = this.varint();
    const from = this.at;
    if (this.wireType !== LENGTH_DELIMITED || from + length > this.end) {
      throw new MalformedMessage('a field is longer than its message');
    }
    this.at = from + length;
    return from;
  }

  private byte(): number {
    const byte = this.buffer[this.at];
    if (byte === undefined || this.at >= this.end) throw new MalformedMessage('the message is cut');
    this.at += 1;
    return byte;
  }
}
