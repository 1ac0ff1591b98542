import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { SecurityActs } from '../../access/acts/security-acts.port.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { changedTerms, judgeTerms, type MerchantTerms } from '../domain/merchant.decisions.js';
import { MerchantStore } from '../merchant.store.js';
import type { MerchantRow } from '../merchant.table.js';
import { ChangeMerchant } from './change-merchant.command.js';

@CommandHandler(ChangeMerchant)
export class ChangeMerchantHandler implements ICommandHandler<ChangeMerchant> {
  constructor(
    private readonly store: MerchantStore,
    private readonly acts: SecurityActs,
  ) {}

  execute({ fields, acting }: ChangeMerchant): Promise<MerchantRow> {
    const { merchantId, version, changes } = fields;
    return this.store.inTransaction(async (tx) => {
      const row = await this.store.holdMerchant(tx, merchantId);
      if (row === null) throw new RuleViolation(reject('not_found'));
      if (row.version !== version)
        throw new RuleViolation(reject('version_changed', { version: row.version }));
      const before = termsOf(row);
      const after: MerchantTerms = { ...before, ...changes };
      const refusal = judgeTerms(after);
      if (refusal !== null) throw new RuleViolation(refusal);
      const touched = changedTerms(before, after);
      if (touched.length === 0) return row;
      const act = {
        act: 'merchant.changed' as const,
        subject: `merchant:${merchantId}`,
        merchantId,
        particulars: Object.fromEntries(
          touched.flatMap((name) => [
            [`${name}.before`, shownOf(name, before)],
            [`${name}.after`, shownOf(name, after)],
          ]),
        ),
      };
      await this.acts.record(act, acting, tx);
      return this.store.changeMerchant(tx, merchantId, {
        name: after.name,
        suspended: after.suspended,
        tolerance_under_minor: after.toleranceUnderMinor,
        tolerance_over_minor: after.toleranceOverMinor,
        match_days: after.matchDays,
        contact_email: after.contactEmail,
        version: version + 1,
      });
    });
  }
}

const termsOf = (row: MerchantRow): MerchantTerms => ({
  name: row.name,
  suspended: row.suspended,
  toleranceUnderMinor: row.tolerance_under_minor,
  toleranceOverMinor: row.tolerance_over_minor,
  matchDays: row.match_days,
  contactEmail: row.contact_email,
});

// Acts are kept for ever, and an address is somebody's.
const shownOf = (name: keyof MerchantTerms, terms: MerchantTerms): string =>
  name === 'contactEmail' && terms[name] !== null ? 'given' : String(terms[name]);
