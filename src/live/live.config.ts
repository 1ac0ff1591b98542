import { wholeNumber } from '../platform/config/shapes.js';
import { configSection, variable } from '../platform/config/variable.js';

/** How much of the live updates one process gives. */
export class LiveConfig extends configSection({
  connections: variable('LIVE_CONNECTIONS', wholeNumber(1, 20_000), {
    fallback: '1000',
    doc: 'Most live connections of one process, streams and sockets together; more are refused with 503.',
  }),
  connectionsPerCaller: variable('LIVE_CONNECTIONS_PER_CALLER', wholeNumber(1, 1_000), {
    fallback: '20',
    doc: 'Most live connections of one key or user at one process; more are refused with 429.',
  }),
  bufferKilobytes: variable('LIVE_BUFFER_KILOBYTES', wholeNumber(16, 16_384), {
    fallback: '256',
    doc: 'How much a live connection may leave unread before it is cut; its client resumes where it was.',
  }),
  lookBackEvents: variable('LIVE_LOOK_BACK_EVENTS', wholeNumber(10, 100_000), {
    fallback: '5000',
    doc: 'How many events of all transactions a client that resumes may have missed; beyond it is told to read the lists.',
  }),
  heartbeatSeconds: variable('LIVE_HEARTBEAT_SECONDS', wholeNumber(1, 300), {
    fallback: '15',
    doc: 'How often a live connection without news shows that it is alive; less than what proxies wait.',
  }),
}) {}
