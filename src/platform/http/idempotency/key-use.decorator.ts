import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** What a changing POST makes of an Idempotency-Key; `required` unless its route says otherwise. */
export type KeyUse = 'required' | 'optional' | 'none';

export const KEY_USE = 'constancia:idempotency-key';

/** How the document names it. */
export const KEY_USE_EXTENSION = 'x-idempotency-key';

const keyUse = (use: KeyUse): MethodDecorator =>
  applyDecorators(SetMetadata(KEY_USE, use), ApiExtension(KEY_USE_EXTENSION, use));

/** For routes whose content names itself: a key is honoured where it is given. */
export const IdempotencyKeyOptional = (): MethodDecorator => keyUse('optional');

/** For routes that hand out what is kept nowhere and change nothing that a repeat would change again. */
export const NoIdempotencyKey = (): MethodDecorator => keyUse('none');
