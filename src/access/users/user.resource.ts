import { z } from 'zod';
import { emailAddress } from '../../platform/http/email-address.js';
import { plainText } from '../../platform/http/plain-text.js';
import { USER_ROLES } from '../domain/permissions.js';
import type { UserRow } from './user.table.js';

export const userIdParam = z.guid('must be a UUID');

const role = z
  .enum(USER_ROLES)
  .nullable()
  .meta({ description: 'null: may do nothing but look after itself.' });
const merchantId = z
  .guid('must be a UUID')
  .nullable()
  .meta({ description: 'null: staff of the operator, which sees every merchant.' });

export const createUserBody = z
  .strictObject({
    email: emailAddress,
    name: plainText(200),
    role,
    merchant_id: merchantId.default(null),
  })
  .meta({ id: 'CreateUser' });
export type CreateUserBody = z.output<typeof createUserBody>;

/** What shall change; what is left out stays. */
export const changeUserBody = z
  .strictObject({
    name: plainText(200).optional(),
    role: role.optional(),
    merchant_id: merchantId.optional(),
    disabled: z.boolean().optional(),
  })
  .meta({ id: 'ChangeUser' });
export type ChangeUserBody = z.output<typeof changeUserBody>;

export const userResource = z
  .object({
    id: z.guid(),
    email: z.string(),
    name: z.string(),
    role: z.enum(USER_ROLES).nullable(),
    merchant_id: z.guid().nullable(),
    disabled: z.boolean(),
    must_change_password: z.boolean(),
    totp_enabled: z.boolean(),
    version: z.int().describe('The ETag; If-Match names it when the user is changed.'),
    created_by: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'User' });
export type UserResource = z.output<typeof userResource>;

export const userPage = z
  .object({
    data: z.array(userResource),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'UserPage' });

export const userWithPasswordResource = userResource
  .extend({
    temporary_password: z
      .string()
      .nullable()
      .describe(
        'Shown this once, to be changed at the first sign-in, for which it is good for some days; null when it is a repeat.',
      ),
  })
  .meta({ id: 'UserWithPassword' });
export type UserWithPasswordResource = z.output<typeof userWithPasswordResource>;

export const resourceOfUser = (row: UserRow): UserResource => ({
  id: row.user_id,
  email: row.email,
  name: row.name,
  role: row.role,
  merchant_id: row.merchant_id,
  disabled: row.disabled,
  must_change_password: row.must_change_password,
  totp_enabled: row.totp_confirmed,
  version: row.version,
  created_by: row.created_by,
  created_at: row.created_at.toISOString(),
});
