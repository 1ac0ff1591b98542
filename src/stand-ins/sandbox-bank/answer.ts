import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Flavour } from './bank-options.js';

/** An HTTP answer, and how it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delayMs?: number;
  /** `reset`: the connection is cut unanswered; `half`: cut in the middle; `trickle`: a byte at a time. */
  readonly delivery?: 'whole' | 'reset' | 'half' | 'trickle';
}

const TRICKLE_PAUSE_MS = 250;

export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

export const text = (status: number, body: string, type = 'text/plain'): Answer => ({
  status,
  headers: { 'content-type': type },
  body,
});

/** The bank's codes: the HTTP status they come on and their wording. */
const CODES: Readonly<Record<string, readonly [number, string]>> = {
  VDE01: [400, 'Falta un campo obligatorio'],
  VDE02: [400, 'Formato de campo invalido'],
  VRN01: [401, 'Credenciales rechazadas'],
  VRN04: [503, 'Servicio en mantenimiento'],
  VRN05: [429, 'Limite de peticiones excedido'],
  VRN06: [424, 'Fallo de una dependencia'],
  CRT503: [503, 'Servicio no disponible'],
  '70001': [200, 'No se encontraron resultados'],
  '70005': [200, 'El rango consultado tiene demasiados movimientos'],
};

// The same empty result comes on 200 in QA and on 400 in production.
const ON_400_IN_PRODUCTION: readonly string[] = ['70001', '70005'];

/** An answer that carries one of the bank's codes and no rows. */
export function coded(code: string, flavour: Flavour, field = ''): Answer {
  const [status, wording] = CODES[code] ?? [200, 'Error'];
  const production = flavour === 'production';
  const httpStatus = statusOf(code, status, production);
  const statusDesc = field === '' ? wording : `${wording}: ${field}`;
  const known = ON_400_IN_PRODUCTION.includes(code) && !production ? Number(code) : code;
  return json(httpStatus, { httpStatus: { statusCode: known, statusDesc }, dataResponse: null });
}

function statusOf(code: string, status: number, production: boolean): number {
  if (!production) return status;
  if (ON_400_IN_PRODUCTION.includes(code)) return 400;
  return status === 401 ? 403 : status;
}

/** Rows found. The bank writes its status as a number in one place and as a string in another. */
export const found = (rows: unknown, flavour: Flavour): Answer =>
  json(200, {
    httpStatus: { statusCode: flavour === 'qa' ? 200 : '200', statusDesc: 'OK' },
    dataResponse: { transactionDetail: rows },
  });

/** Writes the answer, or breaks the connection as it says; ends early when `stop` fires. */
export async function deliver(
  answer: Answer,
  response: ServerResponse,
  stop: AbortSignal,
): Promise<void> {
  if (answer.delayMs !== undefined) await delay(answer.delayMs, undefined, { signal: stop });
  if (answer.delivery === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(answer.body, 'utf8');
  // 204 has no body, and so no length either.
  const length = answer.status === 204 ? {} : { 'content-length': bytes.length };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  if (answer.delivery === 'half') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
      response.socket?.destroy();
    });
    return;
  }
  if (answer.delivery === 'trickle') await trickle(bytes, response, stop);
  else response.end(bytes);
}

async function trickle(bytes: Buffer, response: ServerResponse, stop: AbortSignal): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await delay(TRICKLE_PAUSE_MS, undefined, { signal: stop });
  }
  response.end();
}
