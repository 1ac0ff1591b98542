import type { MailFacts, MailKind } from './mail.js';

export type MailLanguage = 'en' | 'es';

/** A text with its facts in braces; the subject has none, so that nothing from outside gets into a header. */
interface MailText {
  readonly subject: string;
  readonly lines: readonly string[];
}

type Texts = Readonly<Record<MailKind, MailText>>;

const NOT_YOU =
  'If it was not you, change your password, end all your sessions and tell an administrator.';
const WHEN = 'When: {at}. From: {network}.';

const ENGLISH: Texts = {
  sign_in_from_new_place: {
    subject: 'A sign-in from a new place',
    lines: [
      'Somebody signed in to your account from a network or a device that it was not used from before.',
      'When: {at}. From: {network}. Device: {device}.',
      NOT_YOU,
    ],
  },
  password_changed: {
    subject: 'Your password was changed',
    lines: [
      'The password of your account was changed; your other sessions have ended.',
      WHEN,
      NOT_YOU,
    ],
  },
  password_reset: {
    subject: 'Your password was reset',
    lines: [
      'An administrator gave your account a temporary password and took its one-time codes away; all your sessions have ended.',
      'When: {at}.',
      'If nobody told you of this, ask an administrator.',
    ],
  },
  totp_begun: {
    subject: 'One-time codes are in use now',
    lines: ['From now on each sign-in to your account asks for a one-time code.', WHEN, NOT_YOU],
  },
  totp_ended: {
    subject: 'One-time codes are no longer in use',
    lines: ['Your account is signed in to without one-time codes now.', WHEN, NOT_YOU],
  },
  totp_reset: {
    subject: 'Your one-time codes were reset',
    lines: [
      'An administrator took the one-time codes of your account away; all your sessions have ended.',
      'When: {at}.',
      'If nobody told you of this, ask an administrator.',
    ],
  },
  recovery_codes_made: {
    subject: 'New recovery codes were made',
    lines: ['Your account has new recovery codes; those of before no longer work.', WHEN, NOT_YOU],
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    lines: [
      'Somebody used a recovery code of your account. Codes that are left: {left}.',
      WHEN,
      NOT_YOU,
    ],
  },
  session_reuse_detected: {
    subject: 'A session was ended for your safety',
    lines: [
      'Something that renews a session of yours came twice, so that it may be in two hands. The session has ended.',
      WHEN,
      'Sign in again. If this happens more than once, change your password and tell an administrator.',
    ],
  },
  webhook_endpoint_disabled: {
    subject: 'A webhook endpoint was disabled',
    lines: [
      'Deliveries to a webhook endpoint of yours failed for so long that it was disabled: {endpoint}.',
      'When: {at}.',
      'Mend it and enable it again; what it missed can be replayed.',
    ],
  },
  claims_digest: {
    subject: 'Claims that need your attention',
    lines: [
      'Since the last message of this kind, of the claims of {merchant}:',
      'Wait for a decision of a person: {review}. Were rejected: {rejected}.',
      'The list of transactions shows them.',
    ],
  },
};

const NO_FUE_USTED =
  'Si no fue usted, cambie su contraseña, cierre todas sus sesiones y avise a un administrador.';
const CUANDO = 'Cuándo: {at}. Desde: {network}.';

const SPANISH: Texts = {
  sign_in_from_new_place: {
    subject: 'Inicio de sesión desde un lugar nuevo',
    lines: [
      'Alguien inició sesión en su cuenta desde una red o un dispositivo que no se había usado antes.',
      'Cuándo: {at}. Desde: {network}. Dispositivo: {device}.',
      NO_FUE_USTED,
    ],
  },
  password_changed: {
    subject: 'Su contraseña fue cambiada',
    lines: [
      'La contraseña de su cuenta fue cambiada; sus otras sesiones se cerraron.',
      CUANDO,
      NO_FUE_USTED,
    ],
  },
  password_reset: {
    subject: 'Su contraseña fue restablecida',
    lines: [
      'Un administrador dio a su cuenta una contraseña temporal y retiró sus códigos de un solo uso; todas sus sesiones se cerraron.',
      'Cuándo: {at}.',
      'Si nadie le avisó, pregunte a un administrador.',
    ],
  },
  totp_begun: {
    subject: 'Los códigos de un solo uso están activos',
    lines: [
      'Desde ahora cada inicio de sesión en su cuenta pide un código de un solo uso.',
      CUANDO,
      NO_FUE_USTED,
    ],
  },
  totp_ended: {
    subject: 'Los códigos de un solo uso ya no están activos',
    lines: [
      'Ahora se inicia sesión en su cuenta sin códigos de un solo uso.',
      CUANDO,
      NO_FUE_USTED,
    ],
  },
  totp_reset: {
    subject: 'Sus códigos de un solo uso fueron retirados',
    lines: [
      'Un administrador retiró los códigos de un solo uso de su cuenta; todas sus sesiones se cerraron.',
      'Cuándo: {at}.',
      'Si nadie le avisó, pregunte a un administrador.',
    ],
  },
  recovery_codes_made: {
    subject: 'Se crearon códigos de recuperación nuevos',
    lines: [
      'Su cuenta tiene códigos de recuperación nuevos; los anteriores ya no sirven.',
      CUANDO,
      NO_FUE_USTED,
    ],
  },
  recovery_code_used: {
    subject: 'Se usó un código de recuperación',
    lines: [
      'Alguien usó un código de recuperación de su cuenta. Códigos que quedan: {left}.',
      CUANDO,
      NO_FUE_USTED,
    ],
  },
  session_reuse_detected: {
    subject: 'Se cerró una sesión por su seguridad',
    lines: [
      'Lo que renueva una de sus sesiones llegó dos veces, así que puede estar en dos manos. La sesión se cerró.',
      CUANDO,
      'Inicie sesión de nuevo. Si vuelve a ocurrir, cambie su contraseña y avise a un administrador.',
    ],
  },
  webhook_endpoint_disabled: {
    subject: 'Se desactivó un destino de webhooks',
    lines: [
      'Las entregas a uno de sus destinos de webhooks fallaron tanto tiempo que fue desactivado: {endpoint}.',
      'Cuándo: {at}.',
      'Repárelo y actívelo de nuevo; lo que le faltó se puede volver a enviar.',
    ],
  },
  claims_digest: {
    subject: 'Pagos declarados que requieren su atención',
    lines: [
      'Desde el último mensaje de este tipo, de los pagos declarados de {merchant}:',
      'Esperan la decisión de una persona: {review}. Fueron rechazados: {rejected}.',
      'La lista de transacciones los muestra.',
    ],
  },
};

const TEXTS: Readonly<Record<MailLanguage, Texts>> = { en: ENGLISH, es: SPANISH };

/** A mail as it is read, with or without HTML. */
export interface WrittenMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const shown = (name: string, fact: string | number | undefined): string =>
  name === 'at'
    ? String(fact).replace(/^(\S+)T(\d\d:\d\d).*$/, '$1 $2 UTC')
    : String(fact ?? '-').replaceAll(/\s+/g, ' ');

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? '');

/** Writes a mail in plain text and in HTML; facts stand in the body alone and are escaped there. */
export function writeMail(kind: MailKind, facts: MailFacts, language: MailLanguage): WrittenMail {
  const { subject, lines } = TEXTS[language][kind];
  const filled = lines.map((line) =>
    line.replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(name, facts[name])),
  );
  const paragraphs = filled.map((line) => `<p>${escaped(line)}</p>`).join('');
  return {
    subject,
    text: `${filled.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${escaped(subject)}</title>${paragraphs}</html>`,
  };
}
