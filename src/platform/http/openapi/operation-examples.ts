import {
  operationsOf,
  resolved,
  type DocumentShape,
  type JsonSchema,
  type MediaType,
  type Operation,
} from './document-shape.js';
import { ExampleWriter } from './example-of.js';

/** Gives every body and every answer of the document an example, and every path its ids. */
export function addExamples(document: DocumentShape): void {
  const requests = new ExampleWriter(document, 'request');
  const answers = new ExampleWriter(document, 'answer');
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in === 'path')
        parameter.example ??= requests.write(parameter.schema ?? {}, 'id');
    }
    completeBody(document, operation, requests);
    for (const { content = {} } of Object.values(operation.responses)) {
      for (const media of Object.values(content)) addExample(media, answers);
    }
  }
}

function completeBody(
  document: DocumentShape,
  operation: Operation,
  requests: ExampleWriter,
): void {
  if (operation.requestBody === undefined) return;
  for (const media of Object.values(operation.requestBody.content)) {
    addExample(media, requests);
    // A body that may be null may be left out.
    if (media.schema !== undefined && takesNull(document, media.schema)) {
      operation.requestBody.required = false;
    }
  }
}

function addExample(media: MediaType, writer: ExampleWriter): void {
  if (media.schema === undefined || media.examples !== undefined) return;
  media.examples = { example: { value: writer.write(media.schema) } };
}

const takesNull = (document: DocumentShape, schema: JsonSchema): boolean => {
  const { type, anyOf = [] } = resolved(document, schema);
  return [type ?? []].flat().includes('null') || anyOf.some((one) => takesNull(document, one));
};
