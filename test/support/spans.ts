import { z } from 'zod';
import type { HttpSink } from './http-sink.js';

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const sent = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes: z.array(attribute).default([]),
              links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
              status: z
                .object({ code: z.number().optional(), message: z.string().optional() })
                .default({}),
            }),
          ),
        }),
      ),
    }),
  ),
});

export type SentSpan = z.infer<
  typeof sent
>['resourceSpans'][number]['scopeSpans'][number]['spans'][number];

/** Every span that arrived at a sink, as OTLP in JSON writes it. */
export const spansAt = (sink: HttpSink): SentSpan[] =>
  sink.received.flatMap(({ body }) =>
    sent
      .parse(JSON.parse(body))
      .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
