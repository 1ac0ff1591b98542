import { randomUUID } from 'node:crypto';
import { ProtobufWriter } from './protobuf-writer.js';

/** The member state by which a client knows the leader. */
const LEADER = 8;

const TICKS_PER_MS = 10_000n;
/** .NET counts its ticks from the year 1. */
const TICKS_AT_1970 = 621_355_968_000_000_000n;

/** Answers `Gossip/Read`: a cluster of one, which is its own leader. */
export class Gossip {
  private readonly instance = randomUUID();

  constructor(private readonly address: () => { readonly host: string; readonly port: number }) {}

  read(): Buffer {
    const { host, port } = this.address();
    const ticks = BigInt(Date.now()) * TICKS_PER_MS + TICKS_AT_1970;
    return new ProtobufWriter()
      .message(1, (member) =>
        member
          .message(1, (id) => id.text(2, this.instance))
          .uint64Big(2, ticks)
          .uint64(3, LEADER)
          .uint64(4, 1)
          .message(5, (endPoint) => endPoint.text(1, host).uint64(2, port)),
      )
      .finish();
  }
}
