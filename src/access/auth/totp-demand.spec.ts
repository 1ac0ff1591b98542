import { readConfiguration } from '../../platform/config/config.js';
import { ServerConfig } from '../../platform/http/server.config.js';
import { USER_ROLES } from '../domain/permissions.js';
import { SessionsConfig } from '../sessions/sessions.config.js';
import { TotpDemand } from './totp-demand.js';

const demanded = (environment: Readonly<Record<string, string>>): readonly string[] => {
  const read = readConfiguration([SessionsConfig, ServerConfig], environment);
  const demand = new TotpDemand(read.section(SessionsConfig), read.section(ServerConfig));
  return USER_ROLES.filter((role) => demand.isOwedBy({ role, totp_confirmed: false }));
};

describe('demanding one-time codes of roles', () => {
  it.each([
    ['nobody on a laptop', {}, []],
    [
      'admins and managers where the world can reach the service',
      { PUBLIC_URL: 'https://api.example.com' },
      ['admin', 'manager'],
    ],
    ['those who are named', { TOTP_REQUIRED_ROLES: 'viewer, cashier' }, ['cashier', 'viewer']],
    [
      'nobody where that is said',
      { PUBLIC_URL: 'https://api.example.com', TOTP_REQUIRED_ROLES: 'none' },
      [],
    ],
  ])('asks %s', (_, environment, roles) => {
    expect(demanded(environment)).toEqual(roles);
  });

  it('asks nothing of who has them in use, or has no role', () => {
    const read = readConfiguration([SessionsConfig, ServerConfig], {
      TOTP_REQUIRED_ROLES: 'admin',
    });
    const demand = new TotpDemand(read.section(SessionsConfig), read.section(ServerConfig));
    expect(demand.isOwedBy({ role: 'admin', totp_confirmed: true })).toBe(false);
    expect(demand.isOwedBy({ role: null, totp_confirmed: false })).toBe(false);
  });

  it('refuses a role that there is not', () => {
    expect(() => demanded({ TOTP_REQUIRED_ROLES: 'root' })).toThrow('TOTP_REQUIRED_ROLES');
  });
});
