import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { uuidFrom } from '../../kernel/ids.js';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { NoIdempotencyKey } from '../../platform/http/idempotency/key-use.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { OpenToAll } from '../../platform/http/open-to-all.decorator.js';
import { holdsCardNumber } from '../../platform/http/card-number.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ActingAs } from '../acts/act-context.decorator.js';
import type { ActContext } from '../acts/security-acts.port.js';
import { LimitedBy } from '../limits/limited-by.decorator.js';
import { SessionsConfig } from '../sessions/sessions.config.js';
import { Sessions } from '../sessions/sessions.js';
import { UserAdministration } from '../users/user-administration.js';
import { resourceOfUser, userResource, type UserResource } from '../users/user.resource.js';
import {
  refreshBody,
  registerBody,
  signInBody,
  type RefreshBody,
  type RegisterBody,
  type SignInBody,
} from './auth.request.js';
import { resourceOfTokens, tokensResource, type TokensResource } from './auth.resource.js';
import { SignIn } from './sign-in.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

const LONGEST_AGENT = 200;

@ApiTags('auth')
@OpenToAll()
@Refuses('database_unavailable')
@Controller('auth')
export class SignInController {
  constructor(
    private readonly door: SignIn,
    private readonly sessions: Sessions,
    private readonly users: UserAdministration,
    private readonly config: SessionsConfig,
  ) {}

  @Post('login')
  @LimitedBy('login')
  @NoIdempotencyKey()
  @HttpCode(200)
  @Refuses('sign_in_refused', 'totp_required', 'sign_in_held')
  @ApiOperation({
    operationId: 'signIn',
    summary: 'Open a session',
    description:
      'An access token of the same person, if one is sent as Authorization, is not needed; its session ends.',
  })
  @ApiResponse({ status: 200, description: 'The session is open.', standardSchema: tokensResource })
  async signIn(
    @Body({ schema: signInBody }) body: SignInBody,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @ActingAs() acting: ActContext,
  ): Promise<TokensResource> {
    const tokens = await this.door.signIn(
      {
        email: body.email,
        password: body.password,
        totpCode: body.totp_code ?? null,
        recoveryCode: body.recovery_code ?? null,
        // Postgres takes no NUL, and Node no other control characters in a header.
        userAgent: shownAgent(headers['user-agent']),
        authorization: headers['authorization'],
      },
      acting,
    );
    return resourceOfTokens(tokens);
  }

  @Post('refresh')
  @LimitedBy('default')
  @NoIdempotencyKey()
  @HttpCode(200)
  @Refuses('not_authenticated')
  @ApiOperation({
    operationId: 'refreshSession',
    summary: 'Renew a session; a refresh token that comes twice ends it',
  })
  @ApiResponse({ status: 200, description: 'It is renewed.', standardSchema: tokensResource })
  async refresh(
    @Body({ schema: refreshBody }) body: RefreshBody,
    @ActingAs() acting: ActContext,
  ): Promise<TokensResource> {
    const tokens = await this.sessions.renew(body.refresh_token, acting);
    if (tokens === null) throw new ProblemError('not_authenticated');
    return resourceOfTokens(tokens);
  }

  @Post('register')
  @LimitedBy('register')
  @HttpCode(201)
  @Refuses(
    'registration_closed',
    'password_refused',
    'breached_passwords_unavailable',
    'email_taken',
  )
  @ApiOperation({
    operationId: 'register',
    summary: 'Become a user without a role, where registration is open',
  })
  @ApiResponse({ status: 201, description: 'Registered.', standardSchema: userResource })
  async register(
    @Body({ schema: registerBody }) body: RegisterBody,
    @IdempotencyKey() idempotencyKey: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
  ): Promise<UserResource> {
    if (!this.config.registrationOpen) throw new ProblemError('registration_closed');
    const userId = uuidFrom('registration', acting.address ?? '', body.email, idempotencyKey);
    const known = replayed ? await this.users.users.find(userId) : null;
    return resourceOfUser(known ?? (await this.users.register({ userId, ...body }, acting)));
  }
}

/** What a person recognises its session by; whatever programs send, no card number is kept. */
const shownAgent = (agent: string | undefined): string | null =>
  agent === undefined || holdsCardNumber(agent) ? null : agent.slice(0, LONGEST_AGENT);
