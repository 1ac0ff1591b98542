import { auditTailTask } from './audit/audit-tail.task.js';
import {
  adminCreateTask,
  adminPasswordTask,
  adminTotpResetTask,
  tokensFlushTask,
} from './people.task.js';
import { UsageError } from './task.js';

describe('saying how a task is meant', () => {
  it.each([
    [adminCreateTask, { email: 'x' }, '--email must be an e-mail address'],
    [adminCreateTask, { email: 'x@example.com' }, '--name is required'],
    [adminTotpResetTask, { email: '' }, '--email must be an e-mail address'],
    [adminPasswordTask, {}, '--email must be an e-mail address'],
    [tokensFlushTask, { days: 'x' }, '--days must be a whole number'],
    [auditTailTask, { lines: '0' }, '--lines must be a whole number'],
  ])('refuses %o with %j', (task, values, message) => {
    const calling = () => task.run(values);
    expect(calling).toThrow(UsageError);
    expect(calling).toThrow(message);
  });
});
