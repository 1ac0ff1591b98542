import { SetMetadata } from '@nestjs/common';
import type { Permission } from './domain/permissions.js';

export type { Permission } from './domain/permissions.js';

export const REQUIRED_PERMISSION = 'constancia:permission';

/** The permission a route asks of its caller. A route without this or `OpenToAll` is refused to everybody. */
export const Requires = (permission: Permission) => SetMetadata(REQUIRED_PERMISSION, permission);
