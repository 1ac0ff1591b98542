import { CONFIG_SECTIONS } from '../../app.module.js';
import { ConfigurationInvalid, readConfiguration } from '../../platform/config/config.js';
import { DatabaseConfig } from '../../platform/config/config.schema.js';
import { required } from '../required-option.js';
import type { OptionValues, Task } from '../task.js';
import { findPowersOfRole } from './database-role.js';
import { lineOf, type Finding } from './finding.js';
import { findPrintedSecrets } from './printed-secrets.js';
import { configuredSecrets, findWeakSecrets } from './secret-checks.js';
import { findUnsafeSettings } from './setting-checks.js';

/** Everything that speaks against the settings of this process, none when it may go to production. */
export const findUnsafe = (values: OptionValues): Promise<readonly Finding[]> =>
  find(values).catch(wrongSettings);

async function find(values: OptionValues): Promise<readonly Finding[]> {
  const configuration = readConfiguration(CONFIG_SECTIONS);
  const secrets = configuredSecrets(configuration);
  const { url } = configuration.section(DatabaseConfig);
  return [
    ...findWeakSecrets(secrets),
    ...(await findPrintedSecrets(secrets, required(values, 'checkout'))),
    ...findUnsafeSettings(configuration),
    ...(values['offline'] === true ? [] : await findPowersOfRole(url.reveal())),
  ];
}

const wrongSettings = (error: unknown): readonly Finding[] => {
  if (!(error instanceof ConfigurationInvalid)) throw error;
  return error.problems.map(({ name, reason }) => ({
    setting: name,
    problem: reason,
    mend: 'docs/configuration.md says what it may hold',
  }));
};

/** Looks at the environment as production will have it; what suits a laptop is a finding. */
export const securityCheckTask: Task = {
  options: {
    offline: { type: 'boolean', summary: 'do not ask the database what its role may do' },
    checkout: {
      type: 'string',
      summary: 'where documents, samples and compose files lie',
      default: '.',
    },
  },
  async run(values) {
    const findings = await findUnsafe(values);
    for (const finding of findings) console.error(lineOf(finding));
    const { length } = findings;
    if (length > 0) console.error(`${length} ${length === 1 ? 'finding' : 'findings'}.`);
    else console.log('Nothing speaks against these settings.');
    return length === 0 ? 0 : 1;
  },
};
