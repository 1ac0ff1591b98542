import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { ProblemAnswer } from '../../platform/http/problems.js';
import { PROBLEM_MEDIA_TYPE } from '../../platform/http/problem.js';
import { RolesConfig } from '../../platform/config/config.schema.js';
import type { LiveFilter } from '../live-message.js';
import { LiveOpening, type Place } from '../live-opening.js';
import { LiveTerms } from '../live-terms.js';
import { codeOfRefusal } from './close.codes.js';
import { SocketConnection } from './socket-connection.js';
import { SocketDoor, SOCKET_PATH, type Entry } from './socket-door.js';
import { SUBPROTOCOL } from './socket-proof.js';

// The longest message that a client has a reason to send is a filter with every type.
const LONGEST_MESSAGE_BYTES = 4 * 1024;
// Sockets that were refused and have not left yet; a flood of them is refused before the handshake.
const LEAVING = 100;
const LEAVES_WITHIN_MS = 1_000;

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

/** Where sockets are served. */
@Injectable()
export class SocketSite {
  constructor(
    readonly host: HttpAdapterHost,
    readonly roles: RolesConfig,
  ) {}
}

/** Turns requests for the socket's address into WebSockets and lets them follow. */
@Injectable()
export class LiveSockets implements OnApplicationBootstrap {
  private readonly logger = new Logger('LiveSockets');
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE_BYTES,
    // Messages are small, and a compressed one costs memory for every connection.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });

  constructor(
    private readonly site: SocketSite,
    private readonly terms: LiveTerms,
    private readonly door: SocketDoor,
    private readonly opening: LiveOpening,
  ) {}

  /** Where this process serves the API; elsewhere the route answers that it does not. */
  onApplicationBootstrap(): void {
    if (!this.site.roles.roles.includes('api')) return;
    const server = this.site.host.httpAdapter?.getHttpServer() as Server | undefined;
    if (server === undefined) return;
    server.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
    // What asks for another protocol, such as h2c, goes on to be answered as the request that it is.
    Object.assign(server, {
      shouldUpgradeCallback: (request: IncomingMessage) =>
        pathOf(request) === SOCKET_PATH && request.headers.upgrade?.toLowerCase() === 'websocket',
    });
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Whoever hangs up in the middle is gone; there is nobody to tell.
    socket.on('error', () => socket.destroy());
    const entry = this.door.entryOf(request);
    const beforehand = this.refusalBeforehand(request, entry);
    if (beforehand !== null) {
      const { document, headers } = this.door.problemOf(beforehand, entry);
      this.count(document.status);
      answer(socket, { document, headers });
      return;
    }
    const admitted = await this.admit(entry);
    if (socket.destroyed) {
      if ('place' in admitted) admitted.place.leave();
      return;
    }
    this.count(101);
    this.server.handleUpgrade(request, socket, head, (client) => {
      client.on('error', (err) => this.logger.debug({ err, msg: 'a socket broke' }));
      if ('place' in admitted) void this.follow(client, admitted);
      else refuse(client, admitted);
    });
    // A handshake that is none was answered by the library; its place is free again.
    if ('place' in admitted) socket.once('close', admitted.place.leave);
  }

  /** What is refused without a word on the socket: a page of somebody else, and a flood. */
  private refusalBeforehand({ headers }: IncomingMessage, entry: Entry): Error | null {
    if (!this.door.takesPagesOf(headers.origin)) return this.door.stranger(entry);
    const { connections } = this.terms.config;
    if (this.server.clients.size < connections + LEAVING) return null;
    return new RuleViolation(reject('live_connections_exhausted', { retryAfterSeconds: 5 }));
  }

  private async admit(entry: Entry): Promise<Admitted | ProblemAnswer> {
    try {
      const { filter, after } = this.door.askedFor(entry);
      const caller = await this.door.admit(entry);
      const place = await this.door.noting(entry, caller, () => this.opening.take(caller, after));
      return { caller, filter, after, place };
    } catch (error) {
      return this.door.problemOf(error, entry);
    }
  }

  private async follow(client: WebSocket, { caller, filter, after, place }: Admitted) {
    const connection = new SocketConnection(client, {
      caller,
      filter,
      from: place.from,
      mostBytes: this.terms.mostBytes,
      onSent: () => this.terms.metrics.liveMessages.inc({ kind: 'socket' }),
      onFault: (faulty, reason) => this.opening.end(faulty, reason),
    });
    client.once('close', () => this.opening.left(connection));
    connection.send(place.welcome);
    await this.opening.begin(connection, after);
  }

  private count(status: number): void {
    this.terms.metrics.httpRequestsTotal.inc({ method: 'GET', route: SOCKET_PATH, status });
  }
}

interface Admitted {
  readonly caller: CallerIdentity;
  readonly filter: LiveFilter;
  readonly after: bigint | null;
  readonly place: Place;
}

/** Browsers tell a page nothing of a refused handshake: the code of a closed socket they do tell. */
function refuse(client: WebSocket, { document }: ProblemAnswer): void {
  client.close(codeOfRefusal(document.status), document.code);
  const cut = setTimeout(() => client.terminate(), LEAVES_WITHIN_MS);
  client.once('close', () => clearTimeout(cut));
}

function answer(socket: Duplex, { document, headers }: ProblemAnswer): void {
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${document.request_id}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
