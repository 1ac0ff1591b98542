import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
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
  credentialIdParam,
  gatewayActBody,
  submitSecretBody,
  trialIdParam,
  trialResource,
  type BankCredentialResource,
  type GatewayActBody,
  type SubmitSecretBody,
  type TrialResource,
} from './bank-credential.resource.js';
import { CredentialActs } from './credential-acts.store.js';
import { CredentialReader, resourceOfTrial } from './credential-reader.js';
import { CredentialTrials } from './credential-trials.store.js';
import { readSecret } from './submit-secret.request.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'The ETag that was seen.' };
// A token is had in a second or two where a permit is free; a trial may wait two windows for one.
const LOOK_AGAIN_SECONDS = '2';

/** Secrets of banks: shown to the bank first, in force only when it takes them. */
@ApiTags('bank credentials')
@Requires('admin')
@Controller('bank-credentials/:credentialId')
export class BankSecretsController {
  constructor(
    private readonly reader: CredentialReader,
    private readonly acts: CredentialActs,
    private readonly trials: CredentialTrials,
  ) {}

  @Post('secrets')
  @HttpCode(202)
  @Refuses('not_found', 'version_changed', 'trial_under_way', 'credential_retired')
  @ApiOperation({
    operationId: 'submitBankSecret',
    summary: 'Give secrets that the bank is shown first; those it takes are in force at once',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({
    status: 202,
    headers: sends('Location', 'Retry-After'),
    description: 'They wait to be tried; Location says how that ends.',
    standardSchema: trialResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location', 'Retry-After'),
    description: 'A repeat; Idempotency-Replayed is true.',
    standardSchema: trialResource,
  })
  async submit(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Body({ schema: submitSecretBody }) body: SubmitSecretBody,
    @SeenVersion() version: number,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TrialResource> {
    const line = await this.reader.lineOf(credentialId);
    if (line === null) throw new ProblemError('not_found');
    const given = readSecret(line.setup, body);
    const trialId = uuidFrom('bank credential trial', credentialId, acting.actor, idempotencyKey);
    if (!replayed) {
      const seen = { credentialId, version, reason: body.reason, acting };
      await this.acts.beginTrial(seen, { trialId, ...given });
    }
    void reply
      .header('location', `/api/v1/bank-credentials/${credentialId}/trials/${trialId}`)
      .header('retry-after', LOOK_AGAIN_SECONDS);
    return this.trial(credentialId, trialId);
  }

  @Get('trials/:trialId')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'getBankSecretTrial', summary: 'What the bank said to secrets' })
  @ApiResponse({ status: 200, description: 'The trial.', standardSchema: trialResource })
  async trial(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Param('trialId', { schema: trialIdParam }) trialId: string,
  ): Promise<TrialResource> {
    const row = await this.trials.find(credentialId, trialId);
    if (row === null) throw new ProblemError('not_found');
    return resourceOfTrial(row);
  }

  @Post('secrets/remove')
  @HttpCode(200)
  @Refuses('not_found', 'version_changed', 'credential_retired', 'credential_created')
  @ApiOperation({
    operationId: 'removeBankSecret',
    summary: 'Let the secrets of the configuration hold again',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it is now.',
    standardSchema: bankCredentialResource,
  })
  async remove(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Body({ schema: gatewayActBody }) { reason }: GatewayActBody,
    @SeenVersion() version: number,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankCredentialResource> {
    const line = await this.reader.lineOf(credentialId);
    if (line === null) throw new ProblemError('not_found');
    if (!replayed) await this.acts.removeSecret({ credentialId, version, reason, acting });
    const shown = await this.reader.read(line);
    void reply.header('etag', `"${shown.version}"`);
    return shown;
  }
}
