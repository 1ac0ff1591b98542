import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** How a code that a route may answer travels to the document, which takes it out again. */
export const REFUSES_PREFIX = 'x-refuses-';

/** The problems that a route's own rules have, beside those that follow from its shape. */
export const Refuses = (...codes: readonly string[]): MethodDecorator & ClassDecorator =>
  applyDecorators(...codes.map((code) => ApiExtension(`${REFUSES_PREFIX}${code}`, true)));
