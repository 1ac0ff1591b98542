import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ActingAs } from '../../access/acts/act-context.decorator.js';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import { Requires } from '../../access/requires.decorator.js';
import { uuidFrom } from '../../kernel/ids.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { SeenVersion } from '../../platform/http/if-match.decorator.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import {
  bankCredentialResource,
  createCredentialBody,
  credentialIdParam,
  gatewayActBody,
  type BankCredentialResource,
  type CreateCredentialBody,
  type GatewayActBody,
} from './bank-credential.resource.js';
import { CredentialActs } from './credential-acts.store.js';
import { CredentialReader } from './credential-reader.js';
import { NewCredentials } from './new-credentials.js';
import { readSecret } from './submit-secret.request.js';

// As for other secrets: a trial may wait two windows for its permit.
const LOOK_AGAIN_SECONDS = '2';

/** The beginning and the end of credentials that the configuration does not name. */
@ApiTags('bank credentials')
@Requires('admin')
@Controller('bank-credentials')
export class CredentialLifeController {
  constructor(
    private readonly reader: CredentialReader,
    private readonly acts: CredentialActs,
    private readonly fresh: NewCredentials,
  ) {}

  @Post()
  @HttpCode(202)
  @Refuses(
    'bank_not_configured',
    'affiliate_of_sandbox',
    'credential_id_taken',
    'too_many_credentials',
    'trial_under_way',
  )
  @ApiOperation({
    operationId: 'createBankCredential',
    summary: 'Create a credential; it is in force once the bank takes its secrets',
  })
  @ApiResponse({
    status: 202,
    headers: sends('Location', 'ETag', 'Retry-After'),
    description: 'Its secrets wait to be tried; its standing and trial say how that ends.',
    standardSchema: bankCredentialResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location', 'ETag', 'Retry-After'),
    description: 'A repeat; Idempotency-Replayed is true.',
    standardSchema: bankCredentialResource,
  })
  async create(
    @Body({ schema: createCredentialBody }) body: CreateCredentialBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankCredentialResource> {
    const { particulars, setup } = this.fresh.of(body);
    const given = readSecret(setup, body);
    const { credentialId } = particulars;
    if (!replayed) {
      const trialId = uuidFrom('bank credential trial', credentialId, acting.actor, idempotencyKey);
      await this.acts.create({ particulars, trialId, ...given, reason: body.reason, acting });
    }
    void reply
      .header('location', `/api/v1/bank-credentials/${credentialId}`)
      .header('retry-after', LOOK_AGAIN_SECONDS);
    return this.shown(credentialId, reply);
  }

  @Post(':credentialId/retire')
  @HttpCode(200)
  @Refuses(
    'not_found',
    'version_changed',
    'credential_configured',
    'credential_in_use',
    'credential_left_lately',
    'credential_retired',
    'trial_under_way',
  )
  @ApiOperation({
    operationId: 'retireBankCredential',
    summary: 'Ask nothing under it any more and delete its secrets, once nobody uses it',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag that was seen.' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'It is retired.',
    standardSchema: bankCredentialResource,
  })
  async retire(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Body({ schema: gatewayActBody }) { reason }: GatewayActBody,
    @SeenVersion() version: number,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankCredentialResource> {
    if ((await this.reader.lineOf(credentialId)) === null) throw new ProblemError('not_found');
    if (!replayed) await this.acts.retire({ credentialId, version, reason, acting });
    return this.shown(credentialId, reply);
  }

  private async shown(credentialId: string, reply: FastifyReply): Promise<BankCredentialResource> {
    const line = await this.reader.lineOf(credentialId);
    if (line === null) throw new ProblemError('not_found');
    const shown = await this.reader.read(line);
    void reply.header('etag', `"${shown.version}"`);
    return shown;
  }
}
