import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Clock } from '../../kernel/clock.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';
import { ReadsTruth } from '../../platform/http/reads-model.decorator.js';
import { ActingAs } from '../acts/act-context.decorator.js';
import type { ActContext } from '../acts/security-acts.port.js';
import { Session, type UserSession } from '../caller.decorator.js';
import { Requires } from '../requires.decorator.js';
import { SessionSources } from '../sessions/session-authentication.js';
import { resourceOfUser, userResource, type UserResource } from '../users/user.resource.js';
import {
  changePasswordBody,
  codeBody,
  passwordBody,
  proofBody,
  type ChangePasswordBody,
  type CodeBody,
  type PasswordBody,
  type ProofBody,
} from './auth.request.js';
import {
  recoveryCodes,
  resourceOfSession,
  sessionList,
  totpSecret,
  type SessionResource,
} from './auth.resource.js';
import { OwnAccount } from './own-account.js';
import type { Proof } from './sign-in.js';

const sessionIdParam = z.guid('must be a UUID');

@ApiTags('auth')
@Requires('self')
@Controller('auth')
export class OwnAccountController {
  constructor(
    private readonly account: OwnAccount,
    private readonly sources: SessionSources,
    private readonly clock: Clock,
  ) {}

  @Get('me')
  @ApiOperation({ operationId: 'getMe', summary: 'Who is signed in' })
  @ApiResponse({ status: 200, description: 'The user.', standardSchema: userResource })
  async me(@Session() session: UserSession): Promise<UserResource> {
    return resourceOfUser(await this.account.me(session));
  }

  @Post('logout')
  @HttpCode(204)
  @Refuses('not_found')
  @ApiOperation({ operationId: 'signOut', summary: 'End this session' })
  @ApiResponse({ status: 204, description: 'It has ended.' })
  async signOut(
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    if (!replayed) await this.account.endSession(session, session.sessionId, acting);
  }

  @Post('logout-everywhere')
  @HttpCode(204)
  @ApiOperation({ operationId: 'signOutEverywhere', summary: 'End every session of mine' })
  @ApiResponse({ status: 204, description: 'They have ended.' })
  async signOutEverywhere(
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    if (!replayed) await this.account.endAllSessions(session, acting);
  }

  @Get('sessions')
  @ReadsTruth()
  @ApiOperation({ operationId: 'listMySessions', summary: 'Where I am signed in' })
  @ApiResponse({ status: 200, description: 'Newest first.', standardSchema: sessionList })
  async sessions(@Session() session: UserSession): Promise<{ data: SessionResource[] }> {
    const rows = await this.sources.store.running(session.userId, this.clock.now());
    return { data: rows.map((row) => resourceOfSession(row, session.sessionId)) };
  }

  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Refuses('not_found')
  @ApiOperation({ operationId: 'endMySession', summary: 'End one session of mine' })
  @ApiResponse({ status: 204, description: 'It has ended.' })
  async endSession(
    @Param('sessionId', { schema: sessionIdParam }) sessionId: string,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    await this.account.endSession(session, sessionId, acting);
  }

  @Post('password')
  @HttpCode(204)
  @Refuses(
    'password_wrong',
    'password_refused',
    'breached_passwords_unavailable',
    'password_unchanged',
    'sign_in_held',
  )
  @ApiOperation({
    operationId: 'changeMyPassword',
    summary: 'Change my password, which ends my other sessions',
  })
  @ApiResponse({ status: 204, description: 'It is changed.' })
  async changePassword(
    @Body({ schema: changePasswordBody }) body: ChangePasswordBody,
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    if (replayed) return;
    const passwords = { current: body.current_password, fresh: body.new_password };
    await this.account.changePassword(session, passwords, acting);
  }

  @Post('totp')
  @HttpCode(200)
  @Refuses('password_wrong', 'totp_in_use', 'sign_in_held')
  @ApiOperation({ operationId: 'beginTotp', summary: 'Begin one-time codes with a fresh secret' })
  @ApiResponse({
    status: 200,
    description: 'Shown this once; codes are asked for after the first one is confirmed.',
    standardSchema: totpSecret,
  })
  beginTotp(
    @Body({ schema: passwordBody }) body: PasswordBody,
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<z.output<typeof totpSecret>> {
    if (replayed) return this.account.begunTotp(session);
    return this.account.beginTotp(session, body.password, acting);
  }

  @Post('totp/confirm')
  @HttpCode(204)
  @Refuses('totp_wrong')
  @ApiOperation({ operationId: 'confirmTotp', summary: 'Confirm one-time codes by a first one' })
  @ApiResponse({ status: 204, description: 'From now on each sign-in asks for a code.' })
  async confirmTotp(
    @Body({ schema: codeBody }) body: CodeBody,
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    if (!replayed) await this.account.confirmTotp(session, body.totp_code, acting);
  }

  @Post('totp/recovery-codes')
  @HttpCode(200)
  @Refuses('password_wrong', 'totp_not_in_use', 'totp_wrong', 'sign_in_held')
  @ApiOperation({
    operationId: 'makeRecoveryCodes',
    summary: 'Make fresh recovery codes, which end those of before',
  })
  @ApiResponse({
    status: 200,
    description: 'Shown this once; each stands in for one one-time code at a sign-in.',
    standardSchema: recoveryCodes,
  })
  async makeRecoveryCodes(
    @Body({ schema: proofBody }) body: ProofBody,
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<z.output<typeof recoveryCodes>> {
    // They are kept as hashes: whoever lost the answer makes others.
    if (replayed) return { recovery_codes: null, not_shown_because: 'shown_before' };
    const codes = await this.account.makeRecoveryCodes(session, proofOf(body), acting);
    return { recovery_codes: [...codes], not_shown_because: null };
  }

  @Post('totp/end')
  @HttpCode(204)
  @Refuses('password_wrong', 'totp_wrong', 'sign_in_held')
  @ApiOperation({ operationId: 'endTotp', summary: 'Sign in without one-time codes again' })
  @ApiResponse({ status: 204, description: 'No code is asked for any more.' })
  async endTotp(
    @Body({ schema: proofBody }) body: ProofBody,
    @Replayed() replayed: boolean,
    @Session() session: UserSession,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    if (!replayed) await this.account.endTotp(session, proofOf(body), acting);
  }
}

const proofOf = (body: ProofBody): Required<Proof> => ({
  password: body.password,
  totpCode: body.totp_code ?? null,
  recoveryCode: body.recovery_code ?? null,
});
