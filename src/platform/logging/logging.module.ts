import { Module, RequestMethod, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { StartupLogger } from './startup-logger.js';

/** Nest's logging through the one logger; lines written while a request is answered carry its id. */
@Module({})
export class LoggingModule {
  static with(logger: Logger): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: { logger },
          // Fastify has made a logger with the request's id; pino-http would make a second one per request.
          useExisting: true,
          forRoutes: [{ path: '*path', method: RequestMethod.ALL }],
        }),
      ],
      providers: [StartupLogger],
      exports: [StartupLogger],
    };
  }
}
