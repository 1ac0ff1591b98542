import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import messages from '@eventstore/db-client/generated/persistent_pb.js';
import type { EventLog } from '../event-log.js';
import { answerOne } from '../grpc-call.js';
import type { GrpcHandler } from '../grpc-server.js';
import { invalidArgument } from '../wire-errors.js';
import { groupDoesNotExist } from './group-errors.js';
import { groupFigures } from './group-figures.codec.js';
import { nameOf, parseDefinition, streamOf } from './group-requests.js';
import type { PersistentGroup } from './group.js';
import { ALL_STREAM } from './group-settings.js';
import type { PersistentGroups } from './groups.js';
import { serveGroupRead } from './persistent-subscriptions.read.service.js';

const NOTHING = Buffer.alloc(0);
const { PersistentSubscriptionsService: Service } = persistent;

const asBytes = (message: { serializeBinary(): Uint8Array }): Buffer =>
  Buffer.from(message.serializeBinary());

const present = <Options>(options: Options | undefined): Options => {
  if (options === undefined) throw invalidArgument('The request has no options.');
  return options;
};

/** One request, one answer. */
const unary =
  (answer: (request: Buffer) => Buffer | Promise<Buffer>): GrpcHandler =>
  (call) =>
    answerOne(call, answer);

/** Serves persistent subscriptions: groups whose progress the node keeps. */
export function persistentSubscriptionMethods(
  log: EventLog,
  groups: PersistentGroups,
): [string, GrpcHandler][] {
  return [
    [Service.read.path, serveGroupRead(groups)],
    [Service.create.path, unary((request) => create(log, groups, request))],
    [Service.update.path, unary((request) => update(log, groups, request))],
    [Service.delete.path, unary((request) => remove(groups, request))],
    [Service.getInfo.path, unary((request) => info(groups, request))],
    [Service.list.path, unary((request) => list(groups, request))],
    [Service.replayParked.path, unary((request) => replay(groups, request))],
    [
      Service.restartSubsystem.path,
      unary(() => {
        groups.restart();
        return NOTHING;
      }),
    ],
  ];
}

async function create(log: EventLog, groups: PersistentGroups, request: Buffer): Promise<Buffer> {
  const options = messages.CreateReq.deserializeBinary(request).getOptions();
  await groups.create(parseDefinition(log, options));
  return NOTHING;
}

async function update(log: EventLog, groups: PersistentGroups, request: Buffer): Promise<Buffer> {
  const options = messages.UpdateReq.deserializeBinary(request).getOptions();
  await groups.update(parseDefinition(log, options));
  return NOTHING;
}

async function remove(groups: PersistentGroups, request: Buffer): Promise<Buffer> {
  const options = present(messages.DeleteReq.deserializeBinary(request).getOptions());
  await groups.delete(streamOf(options), options.getGroupName());
  return NOTHING;
}

function info(groups: PersistentGroups, request: Buffer): Buffer {
  const options = present(messages.GetInfoReq.deserializeBinary(request).getOptions());
  const group = groups.get(streamOf(options), options.getGroupName());
  return asBytes(new messages.GetInfoResp().setSubscriptionInfo(groupFigures(group)));
}

function list(groups: PersistentGroups, request: Buffer): Buffer {
  const options = present(messages.ListReq.deserializeBinary(request).getOptions());
  const of = options.getListForStream();
  let found: readonly PersistentGroup[] = groups.list();
  if (of !== undefined) {
    const stream = of.hasAll() ? ALL_STREAM : nameOf(of.getStream());
    found = groups.list(stream);
    if (found.length === 0) throw groupDoesNotExist(stream, '');
  }
  return asBytes(new messages.ListResp().setSubscriptionsList(found.map(groupFigures)));
}

async function replay(groups: PersistentGroups, request: Buffer): Promise<Buffer> {
  const options = present(messages.ReplayParkedReq.deserializeBinary(request).getOptions());
  const group = groups.get(streamOf(options), options.getGroupName());
  await group.replayParked(options.hasStopAt() ? Number(options.getStopAt()) : null);
  return NOTHING;
}
