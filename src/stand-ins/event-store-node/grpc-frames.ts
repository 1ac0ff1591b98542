import { GRPC_STATUS } from './grpc-status.js';
import { WireError } from './wire-errors.js';

/** One byte says whether the message is compressed, four how long it is. */
const HEADER_BYTES = 5;

/** The client puts up to 3 MiB in one message, and a lone event of any size; 16 MiB is the server's limit. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/** Puts a message into its frame, together with those before it. */
export function writeFrame(into: Buffer[], message: Buffer): number {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(0, 0);
  header.writeUInt32BE(message.length, 1);
  into.push(header, message);
  return HEADER_BYTES + message.length;
}

/** Cuts what arrives into messages, wherever the network has cut it. */
export class FrameReader {
  private parts: Buffer[] = [];
  private bytes = 0;
  /** How many bytes must be there before the next message is whole. */
  private needed = HEADER_BYTES;

  /** The messages that are whole now. @throws WireError for one that is too long or compressed */
  *read(chunk: Buffer): Generator<Buffer> {
    this.parts.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes < this.needed) return;
    // Joined only when a message is whole, since joining at every chunk would copy a long one many times.
    const all = this.parts.length === 1 ? chunk : Buffer.concat(this.parts);
    let at = 0;
    for (;;) {
      this.needed = HEADER_BYTES;
      if (all.length - at < HEADER_BYTES) break;
      const length = messageLength(all, at);
      this.needed = HEADER_BYTES + length;
      if (all.length - at < this.needed) break;
      yield all.subarray(at + HEADER_BYTES, at + this.needed);
      at += this.needed;
    }
    this.parts = at === all.length ? [] : [all.subarray(at)];
    this.bytes = all.length - at;
  }
}

function messageLength(bytes: Buffer, at: number): number {
  if (bytes.readUInt8(at) !== 0) {
    throw new WireError(GRPC_STATUS.UNIMPLEMENTED, 'Compressed messages are not served.');
  }
  const length = bytes.readUInt32BE(at + 1);
  if (length > MAX_MESSAGE_BYTES) {
    throw new WireError(
      GRPC_STATUS.RESOURCE_EXHAUSTED,
      `A message of ${length} bytes is larger than the limit of ${MAX_MESSAGE_BYTES}.`,
    );
  }
  return length;
}
