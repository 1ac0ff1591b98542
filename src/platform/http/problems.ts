import { Injectable, Logger } from '@nestjs/common';
import { classifyError, type Classified } from './classify-error.js';
import { ProblemCatalog } from './problem-catalog.js';
import { PLATFORM_PROBLEMS } from './problem-codes.js';
import { problemDocument, type ProblemDocument } from './problem.js';
import { RouteMethods } from './route-methods.js';
import { ServerConfig } from './server.config.js';

/** What an error is answered with. */
export interface ProblemAnswer {
  readonly document: ProblemDocument;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes errors as problems: the only mapping, for whole answers and for single results in one. */
@Injectable()
export class Problems {
  private readonly logger = new Logger('Problems');

  constructor(
    private readonly catalog: ProblemCatalog,
    private readonly config: ServerConfig,
    private readonly routes: RouteMethods,
  ) {}

  /** Logs what is a failure of ours. */
  of(
    error: unknown,
    request: { readonly id: string; readonly originalUrl: string },
  ): ProblemAnswer {
    const classified = this.sharpened(classifyError(error), request);
    const known = this.catalog.find(classified.code);
    const code = known === null ? 'internal_error' : classified.code;
    const entry = known ?? PLATFORM_PROBLEMS.internal_error;
    if (entry.status >= 500) this.logger.error({ err: error, msg: `answered ${code}` });
    const document = problemDocument({
      code,
      entry,
      publicUrl: this.config.publicUrl,
      requestId: request.id,
      url: request.originalUrl,
      facts: known === null ? {} : (classified.facts ?? {}),
      errors: classified.errors ?? [],
    });
    return { document, headers: classified.headers ?? {} };
  }

  /** The router knows only that no route fits both method and address; one may answer other methods there. */
  private sharpened(classified: Classified, { originalUrl }: { originalUrl: string }): Classified {
    if (classified.code !== 'route_not_found') return classified;
    const methods = this.routes.allowed(originalUrl.split(/[?#]/, 1)[0] ?? '');
    if (methods.length === 0) return classified;
    const allowed = methods.join(', ');
    return { code: 'method_not_allowed', facts: { allowed }, headers: { allow: allowed } };
  }
}
