import {
  defaultStackParser,
  makeNodeTransport,
  NodeClient,
  Scope,
  type ErrorEvent,
} from '@sentry/node';
import { VERSION } from '../build.js';
import type { LoggedError } from '../logging/redaction.js';
import type { SentryConfig } from './tracing.config.js';

const SEND_WITHIN_MS = 2_000;

/**
 * Reports our mistakes to Sentry. It is given errors as they are logged, so what is personal is gone already; of what
 * the library would add by itself (the machine's name, the request, the surroundings) nothing is sent.
 */
export class SentryReporter {
  private readonly client: NodeClient;

  constructor(config: SentryConfig) {
    this.client = new NodeClient({
      dsn: config.dsn.reveal(),
      environment: config.environment,
      release: `constancia@${VERSION}`,
      transport: makeNodeTransport,
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
