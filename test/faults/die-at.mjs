// Loaded into the service before anything else: it dies by SIGKILL right before, or right after, the append of one
// type of event reached the store. DIE_AT is `before:MovementBound` or `after:MovementBound`.
import { isMainThread } from 'node:worker_threads';

// A thread of the service loads this too; what is appended passes the main one.
if (isMainThread) await dieAt(process.env.DIE_AT ?? '');

async function dieAt(moment) {
  // As it is run: built, or from source.
  const adapter = process.argv[1]?.endsWith('.ts')
    ? '../../src/platform/event-store/eventstoredb.event-store.ts'
    : '../../dist/platform/event-store/eventstoredb.event-store.js';
  const { EventStoreDbEventStore } = await import(new URL(adapter, import.meta.url).href);

  const [when, type] = moment.split(':');
  const die = () => process.kill(process.pid, 'SIGKILL');
  const { prototype } = EventStoreDbEventStore;

  prototype.append = new Proxy(Reflect.get(prototype, 'append'), {
    async apply(append, store, [streamName, expected, events]) {
      const isIt = events.some((event) => event.type.startsWith(`${type}.`));
      if (isIt && when === 'before') die();
      const appended = await Reflect.apply(append, store, [streamName, expected, events]);
      if (isIt && when === 'after') die();
      return appended;
    },
  });
}
