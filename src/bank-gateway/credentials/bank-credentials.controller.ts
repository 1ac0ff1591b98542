import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ActingAs } from '../../access/acts/act-context.decorator.js';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import { Requires } from '../../access/requires.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { SeenVersion } from '../../platform/http/if-match.decorator.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ReadsTruth } from '../../platform/http/reads-model.decorator.js';
import {
  bankCredentialList,
  bankCredentialResource,
  credentialIdParam,
  gatewayActBody,
  type BankCredentialResource,
  type GatewayActBody,
} from './bank-credential.resource.js';
import { CredentialActs } from './credential-acts.store.js';
import { CredentialReader } from './credential-reader.js';

const IF_MATCH = { name: 'If-Match', required: true, description: 'The ETag that was seen.' };

/** The ways to the banks: what state they are in, and pausing and resuming them. */
@ApiTags('bank credentials')
@Requires('admin')
@Controller('bank-credentials')
export class BankCredentialsController {
  constructor(
    private readonly reader: CredentialReader,
    private readonly acts: CredentialActs,
  ) {}

  @Get()
  @ReadsTruth()
  @ApiOperation({
    operationId: 'listBankCredentials',
    summary: 'All credentials: of the configuration, and those that admins created',
  })
  @ApiResponse({ status: 200, description: 'All of them.', standardSchema: bankCredentialList })
  async list(): Promise<z.output<typeof bankCredentialList>> {
    return { data: await this.reader.all() };
  }

  @Get(':credentialId')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'getBankCredential', summary: 'One credential' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The credential; never its secret.',
    standardSchema: bankCredentialResource,
  })
  async get(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankCredentialResource> {
    const line = await this.reader.lineOf(credentialId);
    if (line === null) throw new ProblemError('not_found');
    const shown = await this.reader.read(line);
    void reply.header('etag', `"${shown.version}"`);
    return shown;
  }

  @Post(':credentialId/pause')
  @HttpCode(200)
  @Refuses('not_found', 'version_changed', 'credential_retired')
  @ApiOperation({
    operationId: 'pauseBankCredential',
    summary: 'Send nothing under it until somebody resumes; claims wait',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'It is closed.',
    standardSchema: bankCredentialResource,
  })
  async pause(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Body({ schema: gatewayActBody }) { reason }: GatewayActBody,
    @SeenVersion() version: number,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankCredentialResource> {
    await this.mustExist(credentialId);
    if (!replayed) await this.acts.pause({ credentialId, version, reason, acting });
    return this.get(credentialId, reply);
  }

  @Post(':credentialId/resume')
  @HttpCode(200)
  @Refuses('not_found', 'version_changed', 'credential_retired')
  @ApiOperation({
    operationId: 'resumeBankCredential',
    summary: 'Ask the bank again, after a pause or after it refused us',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'It is open.',
    standardSchema: bankCredentialResource,
  })
  async resume(
    @Param('credentialId', { schema: credentialIdParam }) credentialId: string,
    @Body({ schema: gatewayActBody }) { reason }: GatewayActBody,
    @SeenVersion() version: number,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BankCredentialResource> {
    await this.mustExist(credentialId);
    if (!replayed) await this.acts.resume({ credentialId, version, reason, acting });
    return this.get(credentialId, reply);
  }

  private async mustExist(credentialId: string): Promise<void> {
    if ((await this.reader.lineOf(credentialId)) === null) throw new ProblemError('not_found');
  }
}
