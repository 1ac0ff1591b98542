import { Injectable } from '@nestjs/common';
import { ServerConfig } from '../../platform/http/server.config.js';
import type { UserRole } from '../domain/permissions.js';
import { SessionsConfig } from '../sessions/sessions.config.js';

// Who reviews, reverses and makes others what they are, wherever the world can reach the service.
const BY_DEFAULT: readonly UserRole[] = ['admin', 'manager'];

/** Which roles must have one-time codes in use before they may do anything. */
@Injectable()
export class TotpDemand {
  private readonly roles: ReadonlySet<UserRole>;

  constructor({ totpRequiredRoles }: SessionsConfig, { publicUrl }: ServerConfig) {
    const byAddress = publicUrl.startsWith('https:') ? BY_DEFAULT : [];
    this.roles = new Set(totpRequiredRoles ?? byAddress);
  }

  /** Whether somebody of a role must set one-time codes up before anything else. */
  isOwedBy({ role, totp_confirmed: inUse }: { role: UserRole | null; totp_confirmed: boolean }) {
    return !inUse && role !== null && this.roles.has(role);
  }
}
