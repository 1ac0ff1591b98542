import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { DEPRECATION, DEPRECATION_EXTENSION, type Deprecation } from './deprecation.js';
import { DeprecationInterceptor } from './deprecation.interceptor.js';

/**
 * Marks a route or a field of its body as deprecated: the document says so, and answers carry `Deprecation` (RFC 9745)
 * and `Sunset` (RFC 8594). docs/api-lifecycle.md says what callers may expect.
 */
export const Deprecated = (deprecation: Deprecation): MethodDecorator =>
  applyDecorators(
    SetMetadata(DEPRECATION, deprecation),
    ApiExtension(DEPRECATION_EXTENSION, deprecation),
    // Only there: an interceptor of every route costs each request, whatever it does.
    UseInterceptors(DeprecationInterceptor),
  );
