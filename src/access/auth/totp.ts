// One-time codes of RFC 6238 with the parameters that every authenticator app takes: SHA-1, 30 seconds, 6 digits.
import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
// One step either way, for clocks that differ.
const DRIFT = 1;
export const TOTP_SECRET_BYTES = 20;

const codeAt = (secret: Buffer, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
};

/** The step whose code it is; null when it is none of now, or none after the last one used: a code works once. */
export function stepOfCode(
  secret: Buffer,
  code: string,
  { lastStep, now }: { readonly lastStep: number; readonly now: Date },
): number | null {
  const present = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
  const given = Buffer.from(code.padStart(DIGITS, ' ').slice(0, DIGITS));
  for (let step = present - DRIFT; step <= present + DRIFT; step += 1) {
    const expected = Buffer.from(codeAt(secret, step));
    const same = given.length === expected.length && timingSafeEqual(given, expected);
    if (same && code.length === DIGITS && step > lastStep) return step;
  }
  return null;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base32, as authenticator apps want the secret; twenty bytes leave no remainder. */
export function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => ALPHABET.charAt(Number.parseInt(five, 2)))
    .join('');
}

/** The address that an authenticator app reads from a picture. */
export const totpAddress = (secret: Buffer, email: string): string =>
  `otpauth://totp/Constancia:${encodeURIComponent(email)}?secret=${base32(secret)}&issuer=Constancia`;
