import { flag, text, wholeNumber } from '../config/shapes.js';
import { configSection, variable } from '../config/variable.js';

/** How scheduled jobs are run. */
export class JobsConfig extends configSection({
  inService: variable('JOBS_IN_SERVICE', flag, {
    fallback: 'true',
    doc: 'Whether scheduled jobs run inside the service; false where cron runs `jobs run` instead.',
  }),
  timeLimitSeconds: variable('JOB_TIME_LIMIT_SECONDS', wholeNumber(1, 86_400), {
    fallback: '300',
    doc: 'How long one run of a job may take before it is ended and counted as failed.',
  }),
  retrySeconds: variable('JOB_RETRY_SECONDS', wholeNumber(1, 86_400), {
    fallback: '60',
    doc: 'How long after a failed run a job is run again, where its own interval is longer.',
  }),
  backupSuccessFile: variable('BACKUP_LAST_SUCCESS_FILE', text, {
    fallback: '',
    doc: 'The file `last-success` of the backups, whose age is then watched; empty where another monitor does.',
  }),
}) {}
