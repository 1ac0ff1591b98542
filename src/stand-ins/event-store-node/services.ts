import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { EventLog } from './event-log.js';
import type { Gossip } from './gossip.service.js';
import type { GroupCommit } from './group-commit.js';
import { answerOne, type GrpcCall } from './grpc-call.js';
import type { GrpcHandler } from './grpc-server.js';
import type { PersistentGroups } from './persistent-subscriptions/groups.js';
import { persistentSubscriptionMethods } from './persistent-subscriptions/persistent-subscriptions.service.js';
import { parseReadRequest } from './read-request.js';
import { SUPPORTED_METHODS } from './server-features.service.js';
import { serveAppend, serveDelete, serveTombstone } from './streams.append.service.js';
import { serveBatchAppend } from './streams.batch-append.service.js';
import { AllRead } from './streams.read-all.service.js';
import { readStream } from './streams.read-stream.service.js';
import { AllSubscription, subscribeToStream } from './subscriptions.js';
import { asWireError } from './wire-errors.js';

/** What the methods work on. */
export interface Served {
  readonly log: EventLog;
  readonly commits: GroupCommit;
  readonly groups: PersistentGroups;
  readonly gossip: Gossip;
}

/** Every method this node serves, by the path that the client's own definitions give it. */
export function servedMethods({
  log,
  commits,
  groups,
  gossip,
}: Served): ReadonlyMap<string, GrpcHandler> {
  const { StreamsService } = streams;
  const { ServerFeaturesService } = serverFeatures;
  return new Map<string, GrpcHandler>([
    [StreamsService.read.path, serveRead(log)],
    [StreamsService.append.path, serveAppend(commits)],
    [StreamsService.batchAppend.path, serveBatchAppend(commits)],
    [StreamsService.delete.path, serveDelete(commits)],
    [StreamsService.tombstone.path, serveTombstone(commits)],
    [
      ServerFeaturesService.getSupportedMethods.path,
      (call) => answerOne(call, () => SUPPORTED_METHODS),
    ],
    [gossipService.GossipService.read.path, (call) => answerOne(call, () => gossip.read())],
    ...persistentSubscriptionMethods(log, groups),
  ]);
}

/** Serves `Read`, which is four things: a read or a subscription, of one stream or of `$all`. */
const serveRead =
  (log: EventLog): GrpcHandler =>
  (call) => {
    let request: Buffer = Buffer.alloc(0);
    call.receive(
      (message) => {
        request = message;
      },
      () => {
        read(log, request, call).catch((error: unknown) => call.fail(asWireError(error)));
      },
    );
  };

async function read(log: EventLog, message: Buffer, call: GrpcCall): Promise<void> {
  const { requestDeserialize } = streams.StreamsService.read;
  const asked = parseReadRequest(requestDeserialize(message));
  const follows = asked.request.count === null;
  if (asked.of === 'stream') {
    await (follows
      ? subscribeToStream(log, asked.request, call)
      : readStream(log, asked.request, call));
  } else if (follows) await new AllSubscription(log, asked.request, call).run();
  else await new AllRead(log, asked.request, call).run();
}
