import { ProtobufWriter } from './protobuf-writer.js';

/** The version whose wire this node speaks. */
const SPOKEN_VERSION = '23.10.8';

interface Method {
  readonly service: string;
  readonly name: string;
  readonly features?: readonly string[];
}

/** The client looks methods up by lower-case names. */
const METHODS: readonly Method[] = [
  { service: 'event_store.client.streams.streams', name: 'read', features: ['position', 'events'] },
  { service: 'event_store.client.streams.streams', name: 'append' },
  { service: 'event_store.client.streams.streams', name: 'delete' },
  { service: 'event_store.client.streams.streams', name: 'tombstone' },
  {
    service: 'event_store.client.streams.streams',
    name: 'batchappend',
    features: ['deadline_duration'],
  },
  ...[
    'read',
    'create',
    'update',
    'delete',
    'getinfo',
    'list',
    'replayparked',
    'restartsubsystem',
  ].map((name) => ({
    service: 'event_store.client.persistent_subscriptions.persistentsubscriptions',
    name,
    features: ['stream', 'all'],
  })),
  { service: 'event_store.client.gossip.gossip', name: 'read' },
  { service: 'event_store.client.server_features.serverfeatures', name: 'getsupportedmethods' },
];

/** The answer to `GetSupportedMethods`, by which the client chooses between its two ways of appending. */
export const SUPPORTED_METHODS = METHODS.reduce(
  (writer, { service, name, features = [] }) =>
    writer.message(1, (method) => {
      method.text(1, name).text(2, service);
      for (const feature of features) method.text(3, feature);
    }),
  new ProtobufWriter(),
)
  .text(2, SPOKEN_VERSION)
  .finish();
