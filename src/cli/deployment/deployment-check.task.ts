import { required } from '../required-option.js';
import { UsageError, type Task } from '../task.js';
import {
  BY_EYE,
  DEPLOYMENT_CHECKS,
  STAGES,
  type Deployment,
  type DeploymentCheck,
  type Stage,
} from './deployment-checks.js';

const isStage = (word: string): word is Stage => (STAGES as readonly string[]).includes(word);

/** What is wrong; a check that cannot look is one that is not passed. */
const lookedAt = (check: DeploymentCheck, deployment: Deployment): Promise<string | null> =>
  check
    .look(deployment)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));

/** Goes through the checklist of docs/deployment.md; exit code 1 when something is missing. */
export const deploymentCheckTask: Task = {
  options: {
    for: { type: 'string', summary: 'development, staging or production' },
    url: { type: 'string', summary: 'where others reach the service' },
    checkout: { type: 'string', summary: 'where documents and samples lie', default: '.' },
  },
  async run(values) {
    const stage = required(values, 'for');
    if (!isStage(stage)) throw new UsageError(`--for is one of ${STAGES.join(', ')}`);
    const url = typeof values['url'] === 'string' ? values['url'] : null;
    if (url !== null && !URL.canParse(url)) throw new UsageError('--url is no address');
    const deployment = { url, checkout: required(values, 'checkout') };
    const reached = STAGES.slice(0, STAGES.indexOf(stage) + 1);
    let missing = 0;
    for (const check of DEPLOYMENT_CHECKS.filter(({ from }) => reached.includes(from))) {
      const wrong = await lookedAt(check, deployment);
      if (wrong !== null) missing += 1;
      console.log(wrong === null ? `ok       ${check.what}` : `MISSING  ${check.what}: ${wrong}`);
    }
    for (const what of reached.flatMap((each) => BY_EYE[each])) console.log(`by eye   ${what}`);
    console.log(missing === 0 ? 'Nothing is missing.' : `${missing} missing.`);
    return missing === 0 ? 0 : 1;
  },
};
