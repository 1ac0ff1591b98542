import { powersOfRole, type RolePower } from '../../platform/database/role-powers.js';
import type { Finding } from './finding.js';

const NAMES: Readonly<Record<RolePower, string>> = {
  rolsuper: 'is a superuser',
  rolcreaterole: 'may make roles',
  rolreplication: 'may replicate every database',
  rolbypassrls: 'ignores row-level security',
};

/** What the role of the service may do beyond its own tables; asks the database itself. */
export async function findPowersOfRole(databaseUrl: string): Promise<readonly Finding[]> {
  const setting = 'DATABASE_URL';
  const powers = await powersOfRole(databaseUrl);
  if (powers === null) {
    const problem = 'its role cannot be looked at, since the database does not answer';
    return [{ setting, problem, mend: 'start the database, or leave this out with --offline' }];
  }
  const mend = 'give the service a role that owns its own database and can do nothing else';
  return powers.map((power) => ({ setting, problem: `its role ${NAMES[power]}`, mend }));
}
