import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Refuses } from './openapi/refuses.decorator.js';
import { OpenToAll } from './open-to-all.decorator.js';
import { ProblemCatalog } from './problem-catalog.js';
import type { ProblemEntry } from './problem-codes.js';
import { ProblemError } from './problem.js';

const codeSchema = z.string().max(64);

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? '');

// Shows the shape of a detail that is filled with facts; a fact stands there as its name in braces.
const example = ({ detail }: ProblemEntry): string =>
  typeof detail === 'string'
    ? detail
    : detail(new Proxy({}, { get: (_, name) => `{${String(name)}}` }));

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><h1>${escaped(title)}</h1>${body}</html>`;

/** The page behind the `type` of every problem. */
@ApiTags('documentation')
@OpenToAll()
@Controller('problems')
export class ProblemsController {
  constructor(private readonly catalog: ProblemCatalog) {}

  @Get()
  @ApiOperation({ operationId: 'listProblems', summary: 'Every problem that an answer can name.' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'A page.', schema: { type: 'string' } })
  @Header('content-type', 'text/html; charset=utf-8')
  list(): string {
    const items = this.catalog.all().map(([code, { status, title }]) => {
      return `<li><a href="/problems/${code}">${code}</a> (${status}): ${escaped(title)}`;
    });
    return page('Problems', `<ul>${items.join('')}</ul>`);
  }

  @Get(':code')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'getProblem', summary: 'What one problem means and what to do.' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'A page.', schema: { type: 'string' } })
  @Header('content-type', 'text/html; charset=utf-8')
  show(@Param('code', { schema: codeSchema }) code: string): string {
    const entry = this.catalog.find(code);
    if (entry === null) throw new ProblemError('not_found');
    const again = entry.retryable === true ? 'may succeed later' : 'will fail again';
    return page(
      entry.title,
      `<p>${escaped(example(entry))}<p>Code <code>${code}</code>, status ${entry.status}. The same request ${again}.`,
    );
  }
}
