import type { DescribedWebhook } from '../webhook-catalog.js';
import type { DocumentShape, Operation } from './document-shape.js';
import { ExampleWriter } from './example-of.js';

const HEADERS = [
  ['webhook-id', 'The same in every repetition of a message: a receiver takes each id once.'],
  ['webhook-timestamp', 'When this call was made, in seconds since 1970; part of what is signed.'],
  [
    'webhook-signature',
    'Signatures of `id.timestamp.body`, divided by blanks: `v1,` HMAC-SHA256, `v1a,` Ed25519. One that fits is enough.',
  ],
] as const;

const operationIdOf = (name: string): string =>
  `on${name.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;

/** The part `webhooks` of the document (OpenAPI 3.1): what is sent, and how it is to be answered. */
export function describeWebhooks(
  document: DocumentShape,
  webhooks: readonly DescribedWebhook[],
): Record<string, { readonly post: Operation & { readonly summary: string; tags: string[] } }> {
  const examples = new ExampleWriter(document, 'answer');
  return Object.fromEntries(
    webhooks.map(({ name, summary, component }) => {
      const schema = { $ref: `#/components/schemas/${component}` };
      const value = { ...(examples.write(schema) as object), type: name };
      const content = { 'application/json': { schema, examples: { example: { value } } } };
      const post = {
        operationId: operationIdOf(name),
        summary,
        tags: ['webhooks'],
        // Proven by its signature; the receiver asks for no key of ours.
        security: [],
        parameters: HEADERS.map(([header, description]) => ({
          name: header,
          in: 'header',
          required: true,
          description,
          schema: { type: 'string' },
        })),
        requestBody: { required: true, content },
        responses: {
          '204': { description: 'Taken; any 2xx is, and the body is not read.' },
          '410': { description: 'The endpoint is disabled. Any other answer is tried again.' },
        },
      };
      return [name, { post }];
    }),
  );
}
