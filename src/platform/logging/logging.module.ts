import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { LogConfig } from '../config/config.schema.js';
import { LogLevelSwitch } from './log-level-switch.js';
import { StartupLogger } from './startup-logger.js';

/** Nest's logging through the one logger. */
@Module({})
export class LoggingModule {
  static with(logger: Logger): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: { logger },
          // No middleware: it costs a tenth of a request's time here, and its context is lost once a body was read.
          // `requestScope` gives every line its request id instead.
          useExisting: true,
          forRoutes: [],
        }),
      ],
      providers: [
        StartupLogger,
        {
          provide: LogLevelSwitch,
          inject: [LogConfig],
          useFactory: (config: LogConfig) => new LogLevelSwitch(logger, config.switchedLevel),
        },
      ],
      exports: [StartupLogger, LogLevelSwitch],
    };
  }
}
