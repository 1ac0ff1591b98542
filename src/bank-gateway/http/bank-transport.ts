import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import {
  AddressForbidden,
  guardedLookup,
  mayReach,
} from '../../platform/network/guarded-lookup.js';

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
  /** Whether the bank's public name may lead to a private address, as behind a VPN. */
  readonly privateNetwork: boolean;
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
      lookup: guardedLookup((host, address) => mayReach(host, address, settings.privateNetwork)),
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
        const way = this.wayTo(options.hostname ?? '', isSecure ? this.secure : this.plain);
        const request = (isSecure ? https : http).request({ ...options, ...way }, onResponse);
        this.watch(request, trace, isSecure ? 'secureConnect' : 'connect');
        return request;
      },
    };
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }

  /** An address is connected to without a look-up, so it is judged here; a request then fails as any that found no way. */
  private wayTo(hostname: string, agent: http.Agent): http.RequestOptions {
    const address = hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) === 0 || mayReach(address, address, this.settings.privateNetwork)) {
      return { agent };
    }
    const createConnection: http.RequestOptions['createConnection'] = (_options, created) => {
      created(new AddressForbidden(address), null as never);
      return undefined;
    };
    return { agent: undefined, createConnection };
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
