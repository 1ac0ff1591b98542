import type { FastifyInstance } from 'fastify';

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // Nothing between here and the caller keeps what only the caller may see.
  'cache-control': 'no-store',
} as const;

// Answers are for programs: nothing of them is ever shown as a page, except under /docs and /problems.
const NOTHING = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
// The pages of the document bring their own scripts and styles, some of them in line.
const OWN_PAGES =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const TWO_YEARS = 'max-age=63072000; includeSubDomains';

/** Tells browsers to do as little as possible with what they get. */
export function addSecurityHeaders(fastify: FastifyInstance, publicUrl: string): void {
  const behindTls = publicUrl.startsWith('https:');
  const common = behindTls ? { ...ALWAYS, 'strict-transport-security': TWO_YEARS } : ALWAYS;
  const forPrograms = { ...common, 'content-security-policy': NOTHING };
  const forPeople = { ...common, 'content-security-policy': OWN_PAGES };
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(request.url.startsWith('/docs') ? forPeople : forPrograms);
    done();
  });
}

/** Which pages of other origins may call; cookies are never used, so none are allowed. */
export const corsFor = (origins: readonly string[]) => ({
  origin: [...origins],
  credentials: false,
  methods: ['GET', 'POST', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'authorization',
    'content-type',
    'idempotency-key',
    'if-match',
    'last-event-id',
    'payer-phone',
    'position-token',
    'prefer',
  ],
  exposedHeaders: ['etag', 'link', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after'],
  maxAge: 600,
});
