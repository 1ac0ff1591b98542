import { Clock } from '../kernel/clock.js';
import { MailQueue } from '../notifications/mail-queue.store.js';
import { UsageError, type Task } from './task.js';
import { withApplication } from './with-application.js';

const MOST_SHOWN = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Enough to tell boxes apart, not enough to write to one. */
const masked = (address: string | null): string =>
  address === null ? '-' : address.replace(/^(.).*(?=@)/, '$1…');

export const mailsListTask: Task = {
  options: {},
  run: () =>
    withApplication(async (app) => {
      const mails = await app.get(MailQueue, { strict: false }).undelivered(MOST_SHOWN);
      for (const mail of mails) {
        const { mail_id: id, kind, state, attempts, failed_with: reason, due_at: due } = mail;
        const next = state === 'kept' ? `next try ${due.toISOString()}` : 'no try by itself';
        console.log(
          `${id}  ${mail.queued_at.toISOString()}  ${kind}  ${masked(mail.recipient)}  ${state} after ${attempts} tries (${reason ?? '-'})  ${next}`,
        );
      }
      if (mails.length === 0) console.log('No mail is kept.');
      return 0;
    }),
};

/** Exit code 1 when there was none. */
export const mailsResendTask: Task = {
  options: { id: { type: 'string', summary: 'one mail, as the list names it; left out: all' } },
  run: ({ id = null }) => {
    if (id !== null && !UUID.test(String(id))) throw new UsageError('--id must be a UUID');
    return withApplication(async (app) => {
      const queue = app.get(MailQueue, { strict: false });
      const now = app.get(Clock, { strict: false }).now();
      const count = await queue.sendAgain(id === null ? null : String(id), now);
      console.log(`${count} mails are sent again.`);
      return count > 0 ? 0 : 1;
    });
  },
};
