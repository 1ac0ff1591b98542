import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** Lets one route take a larger body than the others. */
export const BodyLimit = (bytes: number): MethodDecorator => RouteConfig({ bodyLimit: bytes });

/** Makes Fastify keep what `BodyLimit` says; to be called before any route is made. */
export function honourBodyLimits(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const config: unknown = route.config;
    if (typeof config !== 'object' || config === null || !('bodyLimit' in config)) return;
    if (typeof config.bodyLimit === 'number') route.bodyLimit = config.bodyLimit;
  });
}
