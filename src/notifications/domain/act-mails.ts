import type { SecurityActRecorded } from '../../access/acts/security-act.event.js';
import type { MailCause, MailKind } from './mail.js';

type Act = Omit<SecurityActRecorded, 'act'> & { readonly act: string };

const PLAIN: Readonly<Record<string, MailKind>> = {
  'user.password_changed': 'password_changed',
  'user.password_reset': 'password_reset',
  'user.totp_reset': 'totp_reset',
  'user.recovery_codes_made': 'recovery_codes_made',
  'user.recovery_code_used': 'recovery_code_used',
  'session.reuse_detected': 'session_reuse_detected',
};

function kindOf({ act, particulars }: Act): MailKind | null {
  if (act === 'session.started') {
    const isNew =
      particulars['from_new_network'] === true || particulars['from_new_agent'] === true;
    return isNew ? 'sign_in_from_new_place' : null;
  }
  if (act === 'user.totp_changed') {
    return particulars['inUse'] === true ? 'totp_begun' : 'totp_ended';
  }
  return PLAIN[act] ?? null;
}

/** Whom an act is told by mail, and what of it; null: nobody. */
export function mailOf(act: Act): MailCause | null {
  const { at, subject, merchantId, particulars } = act;
  if (act.act === 'webhook_endpoint.disabled') {
    if (merchantId === null) return null;
    const endpoint = subject.replace(/^[^:]*:/, '');
    const kind = 'webhook_endpoint_disabled';
    return { to: { merchant: merchantId }, kind, facts: { at, endpoint } };
  }
  const kind = kindOf(act);
  const [, user] = /^user:(.+)$/.exec(subject) ?? [];
  if (kind === null || user === undefined) return null;
  const { device, left } = particulars;
  const facts = {
    at,
    network: maskedAddress(act.address),
    ...(typeof device === 'string' ? { device } : {}),
    ...(typeof left === 'number' ? { left } : {}),
  };
  return { to: { user }, kind, facts };
}

/** Enough of an address to recognise one's own; a mail passes through many hands. */
export function maskedAddress(address: string | null): string {
  if (address === null) return '-';
  const [a, b, ...rest] = address.replace(/^::ffff:(?=\d+\.)/i, '').split(/[.:]/);
  const divider = address.includes('.') ? '.' : ':';
  return rest.length === 0 ? '-' : `${[a, b].join(divider)}${divider}…`;
}
