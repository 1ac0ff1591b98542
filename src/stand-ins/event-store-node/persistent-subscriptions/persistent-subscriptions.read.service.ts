import { randomUUID } from 'node:crypto';
import messages, { type ReadReq } from '@eventstore/db-client/generated/persistent_pb.js';
import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { GrpcCall } from '../grpc-call.js';
import type { GrpcHandler } from '../grpc-server.js';
import { ProtobufReader } from '../protobuf-reader.js';
import { ProtobufWriter } from '../protobuf-writer.js';
import { type ReadableEvent, withStructuredIds } from '../read-answer.codec.js';
import { readUuid } from '../recorded-event.js';
import { asWireError, invalidArgument } from '../wire-errors.js';
import type { Consumer } from './consumers.js';
import { groupDropped, maximumSubscribersReached } from './group-errors.js';
import { parseNack, streamOf } from './group-requests.js';
import type { PersistentGroup } from './group.js';
import type { PersistentGroups } from './groups.js';

/** `ReadResp.event` of a persistent subscription, which says how often it was tried. */
const encodeMessage = ({ record, link, position }: ReadableEvent, retryCount: number): Buffer =>
  new ProtobufWriter()
    .message(1, (event) => {
      if (record !== undefined) event.bytes(1, record);
      if (link !== undefined) event.bytes(2, link);
      event.uint64(3, position).uint64(5, retryCount);
    })
    .finish();

const encodeConfirmation = (id: string): Buffer =>
  new ProtobufWriter().message(2, (confirmation) => confirmation.text(1, id)).finish();

const textOf = (id: UUID): string =>
  readUuid(new ProtobufReader(Buffer.from(id.serializeBinary())));

/** One consumer's connection: first which group, then what became of each message. */
class GroupConnection {
  private group: PersistentGroup | null = null;
  private consumer: Consumer | null = null;

  constructor(
    private readonly groups: PersistentGroups,
    private readonly call: GrpcCall,
  ) {}

  /** @throws WireError for a message out of turn, or when the group cannot be joined */
  receive(message: ReadReq): void {
    const options = message.getOptions();
    if (options !== undefined) this.join(options);
    else if (this.group === null) throw invalidArgument('The options must come first.');
    else this.settle(this.group, message);
  }

  leave(): void {
    if (this.group !== null && this.consumer !== null) this.group.disconnect(this.consumer);
    this.group = null;
  }

  private join(options: ReadReq.Options): void {
    const { call } = this;
    const [stream, name] = [streamOf(options), options.getGroupName()];
    const group = this.groups.get(stream, name);
    const { maxSubscriberCount } = group.definition.settings;
    if (maxSubscriberCount > 0 && group.consumers.count >= maxSubscriberCount) {
      throw maximumSubscribersReached(stream, name);
    }
    const structured = options.getUuidOption()?.hasStructured() === true;
    this.group = group;
    this.consumer = {
      name: call.header('connection-name') ?? '<unknown>',
      slots: Math.max(1, options.getBufferSize()),
      // No more can wait than the consumer has slots, so the connection's own buffer is bound enough.
      send: (event, retryCount) =>
        void call.write(encodeMessage(structured ? withStructuredIds(event) : event, retryCount)),
      drop: () => call.fail(groupDropped(stream, name)),
    };
    void call.write(encodeConfirmation(`${stream}::${name}::${randomUUID()}`));
    group.connect(this.consumer);
  }

  private settle(group: PersistentGroup, message: ReadReq): void {
    const [ack, nack] = [message.getAck(), message.getNack()];
    const settled =
      ack === undefined
        ? nack && group.refuse(nack.getIdsList().map(textOf), parseNack(nack), nack.getReason())
        : group.acknowledge(ack.getIdsList().map(textOf));
    settled?.catch((error: unknown) => this.call.fail(asWireError(error)));
  }
}

/** Serves the duplex `Read` of persistent subscriptions. */
export const serveGroupRead =
  (groups: PersistentGroups): GrpcHandler =>
  (call) => {
    const connection = new GroupConnection(groups, call);
    call.receive(
      (message) => connection.receive(messages.ReadReq.deserializeBinary(message)),
      () => {
        connection.leave();
        call.end();
      },
    );
    call.onClosed(() => connection.leave());
  };
