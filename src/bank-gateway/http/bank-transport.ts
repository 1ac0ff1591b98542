import http from 'node:http';
import https from 'node:https';

/** What proves the bank to us and us to the bank, in PEM; null where the default holds. */
export interface TransportTls {
  /** The bank's own authorities, instead of the public ones. Verification cannot be turned off. */
  readonly ca: string | null;
  /** Our certificate and its key, for mutual TLS. */
  readonly certificate: string | null;
  readonly privateKey: string | null;
}

export interface TransportSettings {
  /** Until the connection, TLS included, stands. */
  readonly connectMs: number;
  /** From then until the answer's headers are in. */
  readonly headersMs: number;
  /** From then until the body is in, however slowly it drips. */
  readonly bodyMs: number;
  readonly maxConnections: number;
  readonly tls: TransportTls;
}

export type Phase = 'connect' | 'headers' | 'body';

/** What one attempt knows of itself on the wire. */
export class AttemptTrace {
  /** True once a connection stood: from then on something may have left. */
  sent = false;
  /** The phase that took too long, if one did. */
  expired: Phase | null = null;
  /** The connection ended in the middle of the answer. */
  aborted = false;
}

/** Keeps connections alive between calls: some banks refuse most new ones while a standing one works. */
export class BankTransport {
  private readonly plain: http.Agent;
  private readonly secure: https.Agent;

  constructor(private readonly settings: TransportSettings) {
    const pool = {
      keepAlive: true,
      maxSockets: settings.maxConnections,
      maxFreeSockets: settings.maxConnections,
    };
    const { ca, certificate, privateKey } = settings.tls;
    this.plain = new http.Agent(pool);
    this.secure = new https.Agent({
      ...pool,
      minVersion: 'TLSv1.2',
      ...(ca === null ? {} : { ca }),
      ...(certificate === null ? {} : { cert: certificate }),
      ...(privateKey === null ? {} : { key: privateKey }),
    });
  }

  /** A transport for axios that times each phase of one attempt and writes down how far it came. */
  traced(trace: AttemptTrace) {
    return {
      request: (
        options: https.RequestOptions,
        onResponse: (response: http.IncomingMessage) => void,
      ): http.ClientRequest => {
        const isSecure = options.protocol === 'https:';
        const request = isSecure
          ? https.request({ ...options, agent: this.secure }, onResponse)
          : http.request({ ...options, agent: this.plain }, onResponse);
        this.watch(request, trace, isSecure ? 'secureConnect' : 'connect');
        return request;
      },
    };
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }

  private watch(request: http.ClientRequest, trace: AttemptTrace, connected: string): void {
    let timer: NodeJS.Timeout | undefined;
    const enter = (phase: Phase, withinMs: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        trace.expired = phase;
        request.destroy(new Error(`the ${phase} took too long`));
      }, withinMs);
    };
    const standing = () => {
      trace.sent = true;
      enter('headers', this.settings.headersMs);
    };
    enter('connect', this.settings.connectMs);
    request.once('socket', (socket) => {
      if (request.reusedSocket) standing();
      else socket.once(connected, standing);
    });
    request.once('response', (response) => {
      enter('body', this.settings.bodyMs);
      // Ended by us, as when the answer is too large, a response has no error of its own.
      response.once('aborted', () => (trace.aborted = response.errored !== null));
    });
    request.once('close', () => clearTimeout(timer));
  }
}
