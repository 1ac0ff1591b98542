// Loaded into the service before anything else: it dies by SIGKILL right before, or right after, the append of one
// type of event reached the store. DIE_AT is `before:MovementBound` or `after:MovementBound`.
const built = new URL('../../dist/platform/event-store/', import.meta.url);
const { EventStoreDbEventStore } = await import(new URL('eventstoredb.event-store.js', built).href);

const [when, type] = (process.env.DIE_AT ?? '').split(':');
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
