import { offline, SecurityActs } from '../access/acts/security-acts.port.js';
import { SessionCleanupJob } from '../access/sessions/session-cleanup.job.js';
import { KeyRotation } from '../access/sessions/key-rotation.js';
import { UserAdministration } from '../access/users/user-administration.js';
import { RandomSource } from '../kernel/ids.js';
import { emailAddress } from '../platform/http/email-address.js';
import { type OptionValues, type Task, UsageError } from './task.js';
import { toldWhenRefused } from './told-when-refused.js';
import { withApplication } from './with-application.js';

const ACTING = offline('process:cli');
const EMAIL = { type: 'string', summary: 'the e-mail address' } as const;

function emailOf(values: OptionValues): string {
  const read = emailAddress.safeParse(values['email']);
  if (!read.success) throw new UsageError('--email must be an e-mail address');
  return read.data;
}

export const adminCreateTask: Task = {
  options: { email: EMAIL, name: { type: 'string', summary: 'what the person is called' } },
  run(values) {
    const email = emailOf(values);
    const { name } = values;
    if (typeof name !== 'string' || name.trim() === '') throw new UsageError('--name is required');
    return toldWhenRefused(() =>
      withApplication(async (app) => {
        const userId = app.get(RandomSource).uuid();
        const person = {
          userId,
          email,
          name: name.trim(),
          role: 'admin',
          merchantId: null,
        } as const;
        const made = await app.get(UserAdministration).create(person, ACTING);
        console.log(
          `Made the admin ${email}. Password for the first sign-in, to be changed there:`,
        );
        console.log(made.temporaryPassword);
        return 0;
      }),
    );
  },
};

export const adminPasswordTask: Task = {
  options: { email: EMAIL },
  run(values) {
    const email = emailOf(values);
    return toldWhenRefused(() =>
      withApplication(async (app) => {
        const administration = app.get(UserAdministration);
        const user = await administration.users.findByEmail(email);
        if (user === null) {
          console.error('There is no such user.');
          return 1;
        }
        const { temporaryPassword } = await administration.resetPassword(user.user_id, ACTING);
        console.log(`Password of ${email} for the next sign-in, to be changed there:`);
        console.log(temporaryPassword);
        return 0;
      }),
    );
  },
};

export const adminTotpResetTask: Task = {
  options: { email: EMAIL },
  run(values) {
    const email = emailOf(values);
    return toldWhenRefused(() =>
      withApplication(async (app) => {
        const administration = app.get(UserAdministration);
        const user = await administration.users.findByEmail(email);
        if (user === null) {
          console.error('There is no such user.');
          return 1;
        }
        await administration.resetTotp(user.user_id, ACTING);
        console.log(`${email} signs in without a one-time code until others are set up.`);
        return 0;
      }),
    );
  },
};

export const tokensFlushTask: Task = {
  options: {
    days: { type: 'string', summary: 'how many days ago they ended at least', default: '0' },
  },
  run({ days }) {
    if (typeof days !== 'string' || !/^\d{1,4}$/.test(days)) {
      throw new UsageError('--days must be a whole number');
    }
    return withApplication(async (app) => {
      const deleted = await app.get(SessionCleanupJob).flush(Number.parseInt(days, 10));
      const particulars = { days: Number.parseInt(days, 10), rows: deleted };
      const act = { act: 'sessions.flushed' as const, subject: 'sessions:ended', particulars };
      await app.get(SecurityActs, { strict: false }).record(act, ACTING);
      console.log(`Deleted ${deleted} rows.`);
      return 0;
    });
  },
};

export const keysRotateTask: Task = {
  options: {},
  run: () =>
    withApplication(async (app) => {
      const { keyId, signsFrom } = await app.get(KeyRotation).rotate(ACTING);
      console.log(`The key ${keyId} signs from ${signsFrom.toISOString()}.`);
      return 0;
    }),
};
