import { sha256Hex } from '../../../kernel/ids.js';
import { PROBLEM_MEDIA_TYPE } from '../problem.js';
import { HEADERS } from './described-headers.js';
import { operationsOf, type DocumentShape, type ResponseDescription } from './document-shape.js';

/** Writes equal refusals once: their names come from what they say, so that they stay when others come. */
export function shareProblems({ paths, components }: DocumentShape): void {
  const shared = new Map<string, ResponseDescription>();
  for (const { operation } of operationsOf({ paths, components })) {
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (answer.content?.[PROBLEM_MEDIA_TYPE] === undefined) continue;
      const name = `Problem${status}_${sha256Hex(JSON.stringify(answer)).slice(0, 8)}`;
      shared.set(name, answer);
      const reference: object = { $ref: `#/components/responses/${name}` };
      operation.responses[status] = reference as ResponseDescription;
    }
  }
  components.headers = usedHeaders(JSON.stringify([paths, ...shared.values()]));
  components.responses = Object.fromEntries([...shared].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const usedHeaders = (text: string) =>
  Object.fromEntries(
    Object.entries(HEADERS).filter(([name]) => text.includes(`#/components/headers/${name}"`)),
  );
