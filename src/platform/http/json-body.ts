import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Leaves JSON as the only body that is understood, so that anything else answers 415. Fastify would also take plain
 * text, and would read broken UTF-8 with replacement characters, which then pass for what the caller sent.
 */
export function acceptOnlyJson(fastify: FastifyInstance): void {
  // Refuses __proto__ and constructor.prototype, which could reach prototypes through careless copying.
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: Done) => {
      if (!isUtf8(body)) {
        done(new ProblemError('malformed_json'));
        return;
      }
      void parse(request, body.toString('utf8'), done);
    },
  );
}
