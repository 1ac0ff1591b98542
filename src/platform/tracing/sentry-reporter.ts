import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import {
  defaultStackParser,
  makeNodeTransport,
  NodeClient,
  Scope,
  type ErrorEvent,
  type NodeOptions,
} from '@sentry/node';
import { assert } from '../../kernel/assert.js';
import { VERSION } from '../build.js';
import { configuredHostLookup } from '../network/configured-hosts.js';
import type { LoggedError } from '../logging/redaction.js';
import type { SentryConfig } from './tracing.config.js';

type HttpModule = NonNullable<NonNullable<NodeOptions['transportOptions']>['httpModule']>;

const SEND_WITHIN_MS = 2_000;

/**
 * Reports our mistakes to Sentry. It is given errors as they are logged, so what is personal is gone already; of what
 * the library would add by itself (the machine's name, the request, the surroundings) nothing is sent.
 */
export class SentryReporter {
  private readonly client: NodeClient;

  constructor(config: SentryConfig, lookup = configuredHostLookup(config.privateNetwork)) {
    this.client = new NodeClient({
      dsn: config.dsn.reveal(),
      environment: config.environment,
      release: `constancia@${VERSION}`,
      transport: makeNodeTransport,
      transportOptions: { httpModule: requestsTo(lookup) },
      stackParser: defaultStackParser,
      integrations: [],
      // Nothing of the process is instrumented: errors come here by the log, traces are another matter.
      enableRuntimeChannelInjection: false,
      sendClientReports: false,
      includeServerName: false,
      beforeSend: onlyWhatIsKnown,
    });
  }

  report(error: LoggedError, requestId: string | null): void {
    const scope = new Scope();
    if (requestId !== null) scope.setTag('request_id', requestId);
    if (error.code !== undefined) scope.setTag('code', error.code);
    const values = chainOf(error).map(({ type, message, stack }) => ({
      type,
      value: message,
      ...(stack === undefined ? {} : { stacktrace: { frames: defaultStackParser(stack) } }),
    }));
    // Sentry shows the last of a chain as the error and those before as its causes.
    this.client.captureEvent({ level: 'error', exception: { values } }, {}, scope);
  }

  /** Sends what is left, for a moment. */
  async close(): Promise<void> {
    await this.client.close(SEND_WITHIN_MS);
  }
}

/** Requests that look at the address they connect to. */
function requestsTo(lookup: LookupFunction): HttpModule {
  return {
    request(options, callback) {
      // The transport gives options; an address would hold no place for the lookup.
      assert(typeof options === 'object' && !(options instanceof URL), 'options of a request');
      const guarded = { ...options, lookup };
      // Its own words for the same thing, but for how a status may be left out.
      const heard = callback as ((reply: IncomingMessage) => void) | undefined;
      return options.protocol === 'http:'
        ? http.request(guarded, heard)
        : https.request(guarded, heard);
    },
  };
}

const chainOf = (error: LoggedError): LoggedError[] => [
  ...(error.cause === undefined ? [] : chainOf(error.cause)),
  error,
];

const onlyWhatIsKnown = (event: ErrorEvent): ErrorEvent => ({
  type: event.type,
  ...(event.event_id === undefined ? {} : { event_id: event.event_id }),
  ...(event.timestamp === undefined ? {} : { timestamp: event.timestamp }),
  ...(event.exception === undefined ? {} : { exception: event.exception }),
  ...(event.tags === undefined ? {} : { tags: event.tags }),
  ...(event.release === undefined ? {} : { release: event.release }),
  ...(event.environment === undefined ? {} : { environment: event.environment }),
  level: 'error',
  platform: 'node',
});
