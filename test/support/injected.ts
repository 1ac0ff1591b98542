import type { NestFastifyApplication } from '@nestjs/platform-fastify';

type Injection = Exclude<Parameters<NestFastifyApplication['inject']>[0], string | undefined>;

/** An answer that was read to its end, or for as long as it was asked for. */
export interface InjectedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const STREAM = 'text/event-stream';

/** Asks an app without a socket. Of an answer that never ends the beginning is read, and then it is hung up. */
export async function injected(
  app: Pick<NestFastifyApplication, 'inject'>,
  request: Injection,
): Promise<InjectedAnswer> {
  const answer = await app.inject({ ...request, payloadAsStream: true });
  const { statusCode, headers } = answer;
  const isEndless = headers['content-type'] === STREAM;
  const parts: Buffer[] = [];
  try {
    for await (const part of answer.stream()) {
      parts.push(part as Buffer);
      if (isEndless) break;
    }
  } finally {
    if (isEndless) answer.raw.res.destroy();
  }
  return { statusCode, headers, body: Buffer.concat(parts).toString('utf8') };
}
