// Loaded into a process before anything else: it dies by SIGKILL at one step of an act's way into the log. DIE_AT_ACT is
// `written` (the row is there, nothing is committed), `relayed` (read, not appended) or `appended` (not yet deleted).
import { PostgresSecurityActs } from '../../src/access/acts/postgres-security-acts.store.js';
import { EventStoreDbEventStore } from '../../src/platform/event-store/eventstoredb.event-store.js';

const step = process.env.DIE_AT_ACT;
const die = () => process.kill(process.pid, 'SIGKILL');

/** Dies when a method is called, or has done its work. */
const dying = (prototype, name, { before, after }) => {
  prototype[name] = new Proxy(Reflect.get(prototype, name), {
    async apply(method, self, args) {
      if (step === before) die();
      const done = await Reflect.apply(method, self, args);
      if (step === after) die();
      return done;
    },
  });
};

dying(PostgresSecurityActs.prototype, 'record', { after: 'written' });
dying(EventStoreDbEventStore.prototype, 'append', { before: 'relayed', after: 'appended' });
