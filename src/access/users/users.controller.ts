import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { uuidFrom } from '../../kernel/ids.js';
import { IdempotencyKey } from '../../platform/http/idempotency/idempotency-key.decorator.js';
import { Replayed } from '../../platform/http/idempotency/replayed.decorator.js';
import { SeenVersion } from '../../platform/http/if-match.decorator.js';
import { nextAddress } from '../../platform/http/next-address.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ReadsTruth } from '../../platform/http/reads-model.decorator.js';
import { ActingAs } from '../acts/act-context.decorator.js';
import type { ActContext } from '../acts/security-acts.port.js';
import { Requires } from '../requires.decorator.js';
import { UserAdministration } from './user-administration.js';
import {
  changeUserBody,
  createUserBody,
  resourceOfUser,
  userIdParam,
  userPage,
  userResource,
  userWithPasswordResource,
  type ChangeUserBody,
  type CreateUserBody,
  type UserResource,
  type UserWithPasswordResource,
} from './user.resource.js';
import { sends } from '../../platform/http/openapi/described-headers.js';
import { Refuses } from '../../platform/http/openapi/refuses.decorator.js';

const PAGE = 100;

const listUsersQuery = z.strictObject({
  cursor: z.guid('must be a cursor of this list').optional(),
});

@ApiTags('users')
@Requires('admin')
@Controller('users')
export class UsersController {
  constructor(private readonly administration: UserAdministration) {}

  @Get()
  @ReadsTruth()
  @ApiOperation({ operationId: 'listUsers', summary: 'Users, a hundred at a time' })
  @ApiResponse({
    status: 200,
    headers: sends('Link'),
    description: 'Link names the next page.',
    standardSchema: userPage,
  })
  async list(
    @Query({ schema: listUsersQuery }) { cursor }: z.output<typeof listUsersQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof userPage>> {
    const rows = await this.administration.users.list(cursor ?? null, PAGE + 1);
    const shown = rows.slice(0, PAGE);
    const next = rows.length > PAGE ? (shown.at(-1)?.user_id ?? null) : null;
    if (next !== null) {
      void reply.header('link', `<${nextAddress(request.url, next)}>; rel="next"`);
    }
    return { data: shown.map(resourceOfUser), has_more: next !== null, next_cursor: next };
  }

  @Get(':userId')
  @Refuses('not_found')
  @ApiOperation({ operationId: 'getUser', summary: 'One user' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'The user.',
    standardSchema: userResource,
  })
  async get(
    @Param('userId', { schema: userIdParam }) userId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    const row = await this.administration.users.find(userId);
    if (row === null) throw new ProblemError('not_found');
    void reply.header('etag', `"${row.version}"`);
    return resourceOfUser(row);
  }

  @Post()
  @HttpCode(201)
  @Refuses('email_taken', 'admin_of_a_merchant', 'cashier_of_no_merchant', 'unknown_merchant')
  @ApiOperation({ operationId: 'createUser', summary: 'Make a user with a temporary password' })
  @ApiResponse({
    status: 201,
    headers: sends('Location', 'ETag'),
    description: 'Made.',
    standardSchema: userWithPasswordResource,
  })
  @ApiResponse({
    status: 200,
    headers: sends('Location', 'ETag'),
    description: 'A repeat; Idempotency-Replayed is true and the password is not shown again.',
    standardSchema: userWithPasswordResource,
  })
  async create(
    @Body({ schema: createUserBody }) body: CreateUserBody,
    @IdempotencyKey() idempotencyKey: string,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordResource> {
    const userId = uuidFrom('user', acting.actor, idempotencyKey);
    void reply.header('location', `/api/v1/users/${userId}`);
    const known = await this.administration.users.find(userId);
    if (known !== null) {
      if (known.email !== body.email) throw new ProblemError('idempotency_key_reused');
      void reply
        .code(200)
        .header('idempotency-replayed', 'true')
        .header('etag', `"${known.version}"`);
      return { ...resourceOfUser(known), temporary_password: null };
    }
    const { email, name, role, merchant_id: merchantId } = body;
    const made = await this.administration.create(
      { userId, email, name, role, merchantId },
      acting,
    );
    void reply.header('etag', `"${made.user.version}"`);
    return { ...resourceOfUser(made.user), temporary_password: made.temporaryPassword };
  }

  @Patch(':userId')
  @Refuses(
    'not_found',
    'version_changed',
    'admin_of_a_merchant',
    'cashier_of_no_merchant',
    'unknown_merchant',
  )
  @ApiOperation({
    operationId: 'changeUser',
    summary: 'Change role, merchant or name, or disable a user',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag that was seen.' })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'As it is now.',
    standardSchema: userResource,
  })
  async change(
    @Param('userId', { schema: userIdParam }) userId: string,
    @Body({ schema: changeUserBody }) body: ChangeUserBody,
    @SeenVersion() version: number,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    const { merchant_id: merchantId, name, role, disabled } = body;
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(merchantId === undefined ? {} : { merchantId }),
      ...(disabled === undefined ? {} : { disabled }),
    };
    const row = await this.administration.change({ userId, version, changes }, acting);
    void reply.header('etag', `"${row.version}"`);
    return resourceOfUser(row);
  }

  @Post(':userId/reset-password')
  @HttpCode(200)
  @Refuses('not_found', 'own_account')
  @ApiOperation({
    operationId: 'resetPassword',
    summary: 'Give a fresh temporary password; sessions and one-time codes end',
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description: 'Reset.',
    standardSchema: userWithPasswordResource,
  })
  async resetPassword(
    @Param('userId', { schema: userIdParam }) userId: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordResource> {
    if (replayed) return { ...(await this.get(userId, reply)), temporary_password: null };
    const { user, temporaryPassword } = await this.administration.resetPassword(userId, acting);
    void reply.header('etag', `"${user.version}"`);
    return { ...resourceOfUser(user), temporary_password: temporaryPassword };
  }

  @Post(':userId/reset-totp')
  @HttpCode(200)
  @Refuses('not_found', 'own_account', 'totp_not_in_use')
  @ApiOperation({
    operationId: 'resetTotp',
    summary: 'Take a lost second factor away; sessions end',
  })
  @ApiResponse({
    status: 200,
    headers: sends('ETag'),
    description:
      'Reset; where the role demands one-time codes, they are set up at the next sign-in.',
    standardSchema: userResource,
  })
  async resetTotp(
    @Param('userId', { schema: userIdParam }) userId: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResource> {
    if (replayed) return this.get(userId, reply);
    const row = await this.administration.resetTotp(userId, acting);
    void reply.header('etag', `"${row.version}"`);
    return resourceOfUser(row);
  }

  @Post(':userId/end-sessions')
  @HttpCode(204)
  @Refuses('not_found')
  @ApiOperation({ operationId: 'endUserSessions', summary: 'Sign a user out everywhere' })
  @ApiResponse({ status: 204, description: 'Every session has ended.' })
  async endSessions(
    @Param('userId', { schema: userIdParam }) userId: string,
    @Replayed() replayed: boolean,
    @ActingAs() acting: ActContext,
  ): Promise<void> {
    if (!replayed) await this.administration.endSessions(userId, acting);
  }
}
