import { Controller, Get } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Requires } from '../../access/requires.decorator.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';

@Controller('ws')
export class LiveSocketController {
  /** Reached only by what is no WebSocket; the document of the API describes no sockets. */
  @Get()
  @Requires('transactions:read')
  @ApiExcludeEndpoint()
  open(): never {
    throw new RuleViolation(reject('upgrade_required'));
  }
}
