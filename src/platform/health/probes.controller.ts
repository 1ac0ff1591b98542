import { Controller, Get, Header, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OpenToAll } from '../http/open-to-all.decorator.js';
import {
  bareHealth,
  HEALTH_MEDIA_TYPE,
  healthJson,
  healthJsonSchema,
  type HealthJson,
} from './health-answers.js';
import { HealthRegistry } from './health-registry.js';
import { Lifecycle } from './lifecycle.js';

const NO_STORE = ['cache-control', 'no-store'] as const;
const PASSED = { standardSchema: healthJsonSchema, description: 'Yes.' };
const FAILED = { standardSchema: healthJsonSchema, description: 'No, and why not.' };

/** What orchestrators and balancers ask, at the root of the address. */
@ApiTags('operations')
@ApiProduces(HEALTH_MEDIA_TYPE)
@OpenToAll()
@ApiProduces(HEALTH_MEDIA_TYPE)
@Controller()
export class ProbesController {
  private started = false;

  constructor(
    private readonly registry: HealthRegistry,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get('livez')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Is the process alive? Looks at nothing else.',
  })
  @ApiOkResponse(PASSED)
  @Header('content-type', HEALTH_MEDIA_TYPE)
  @Header(...NO_STORE)
  live(): HealthJson {
    return bareHealth('pass');
  }

  @Get('readyz')
  @ApiOperation({ operationId: 'getReadiness', summary: 'May requests be sent here?' })
  @ApiOkResponse(PASSED)
  @ApiServiceUnavailableResponse(FAILED)
  @Header('content-type', HEALTH_MEDIA_TYPE)
  @Header(...NO_STORE)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthJson> {
    if (this.lifecycle.stopping.aborted) {
      void reply.code(503);
      return bareHealth('fail', 'the process is stopping');
    }
    const report = await this.registry.report();
    if (report.status === 'fail') void reply.code(503);
    else this.started = true;
    return healthJson(report);
  }

  /** Passes for good once everything was there; later failures are the readiness probe's to tell. */
  @Get('startupz')
  @ApiOperation({ operationId: 'getStartup', summary: 'Was the process ready at least once?' })
  @ApiOkResponse(PASSED)
  @ApiServiceUnavailableResponse(FAILED)
  @Header('content-type', HEALTH_MEDIA_TYPE)
  @Header(...NO_STORE)
  startup(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthJson> | HealthJson {
    return this.started ? bareHealth('pass') : this.ready(reply);
  }
}
