import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends bytes as they are, which a well-behaved client would not, and answers everything that came back. */
export async function sendRaw(
  port: number,
  bytes: string | Buffer,
  { close = false }: { readonly close?: boolean } = {},
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
  if (close) socket.end(bytes);
  else socket.write(bytes);
  try {
    return await text(socket);
  } finally {
    socket.destroy();
  }
}

/** Status line and JSON body of what `sendRaw` answered. */
export function parseRaw(answer: string): { status: number; headers: string; body: unknown } {
  const [headers = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number.parseInt(headers.slice(9, 12), 10), headers, body: JSON.parse(body) };
}
