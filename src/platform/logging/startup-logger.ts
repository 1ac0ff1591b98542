import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

// Nest lists every module and route at each start; of use when wiring is in doubt, and noise otherwise.
const WIRING = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** Nest's own logger over ours, with the lines about wiring one level down. */
@Injectable()
export class StartupLogger extends Logger {
  override log(message: unknown, ...more: unknown[]): void {
    const context = more.at(-1);
    if (typeof context === 'string' && WIRING.has(context)) this.debug(message, ...more);
    else super.log(message, ...more);
  }
}
