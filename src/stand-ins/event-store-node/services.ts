import {
  type MethodDefinition,
  type Server,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import monitoring from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import projections from '@eventstore/db-client/generated/projections_grpc_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import type { EventLog } from './event-log.js';
import type { GroupCommit } from './group-commit.js';
import { Outgoing } from './outgoing.js';
import { parseReadRequest, type ReadRequest } from './read-request.js';
import { serveSupportedMethods } from './server-features.service.js';
import { serveAppend, serveDelete, serveTombstone } from './streams.append.service.js';
import { serveBatchAppend } from './streams.batch-append.service.js';
import { AllRead } from './streams.read-all.service.js';
import { readStream } from './streams.read-stream.service.js';
import { AllSubscription, subscribeToStream } from './subscriptions.js';
import { asWireError, unimplemented } from './wire-errors.js';

const asIs = (bytes: Buffer): Buffer => bytes;

/** What is taken over of a generated method: its address and which sides stream. */
type Addressed = Pick<
  MethodDefinition<unknown, unknown>,
  'path' | 'requestStream' | 'responseStream'
>;

/** The method with our own codec on both sides, which the hot paths need. */
const bytesOnly = ({
  path,
  requestStream,
  responseStream,
}: Addressed): MethodDefinition<Buffer, Buffer> => ({
  path,
  requestStream,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});

/** Adds the services that this node speaks, and a clear refusal for every other. */
export function addServices(server: Server, log: EventLog, commits: GroupCommit): void {
  const { StreamsService } = streams;
  server.addService(
    {
      read: {
        ...bytesOnly(StreamsService.read),
        requestSerialize: StreamsService.read.requestSerialize,
        requestDeserialize: StreamsService.read.requestDeserialize,
      },
      append: bytesOnly(StreamsService.append),
      delete: bytesOnly(StreamsService.delete),
      tombstone: bytesOnly(StreamsService.tombstone),
      batchAppend: bytesOnly(StreamsService.batchAppend),
    },
    {
      read: serveRead(log),
      append: serveAppend(commits),
      delete: serveDelete(commits),
      tombstone: serveTombstone(commits),
      batchAppend: serveBatchAppend(commits),
    },
  );
  server.addService(
    { getSupportedMethods: bytesOnly(serverFeatures.ServerFeaturesService.getSupportedMethods) },
    { getSupportedMethods: serveSupportedMethods },
  );
  for (const service of [
    gossip.GossipService,
    monitoring.MonitoringService,
    operations.OperationsService,
    persistent.PersistentSubscriptionsService,
    projections.ProjectionsService,
    users.UsersService,
  ]) {
    refuse(server, service);
  }
}

const serveRead =
  (log: EventLog) =>
  (call: ServerWritableStream<ReadReq, Buffer>): void => {
    const out = new Outgoing(call);
    let request: ReadRequest;
    try {
      request = parseReadRequest(call.request);
    } catch (error) {
      out.fail(asWireError(error));
      return;
    }
    answerRead(log, request, out).catch((error: unknown) => out.fail(asWireError(error)));
  };

function answerRead<Call>(log: EventLog, read: ReadRequest, out: Outgoing<Call>): Promise<void> {
  const follows = read.request.count === null;
  if (read.of === 'stream') {
    return follows ? subscribeToStream(log, read.request, out) : readStream(log, read.request, out);
  }
  return follows
    ? new AllSubscription(log, read.request, out).run()
    : new AllRead(log, read.request, out).run();
}

/** Answers every method of a service with UNIMPLEMENTED, naming the method. */
function refuse(server: Server, service: ServiceDefinition): void {
  const handlers: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(service)) handlers[name] = refusal(method);
  server.addService(service, handlers);
}

function refusal(method: Addressed): UntypedHandleCall {
  const error = unimplemented(method.path);
  return method.responseStream
    ? (call: { emit(event: 'error', error: Error): void }) => call.emit('error', error)
    : (_call: unknown, answer: (error: Error) => void) => answer(error);
}
