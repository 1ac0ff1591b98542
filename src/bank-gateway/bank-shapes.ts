// What the variables of every bank look like.
import { readFileSync } from 'node:fs';
import { nonEmpty, text, urlOf, wholeNumber } from '../platform/config/shapes.js';
import { type MaintenanceHours, parseMaintenanceHours } from './maintenance-hours.js';

const DAY_MS = 86_400_000;

export const milliseconds = (least: number) => wholeNumber(least, DAY_MS);

/** A name that is part of streams, labels and rows. */
export const word = nonEmpty.regex(/^[A-Za-z0-9]{1,40}$/, 'must be letters and digits');

export const bankPath = nonEmpty.regex(/^\/[\w\-./]*$/, 'must be a path that begins with /');

/**
 * Credentials travel to these: in clear only within one machine or one network of containers, whose names have no dot.
 */
export const bankAddress = urlOf('https:', 'http:').refine((address) => {
  // What is no address at all is refused by the shape before this one.
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || hostname === '127.0.0.1' || !/[.:]/.test(hostname);
}, 'must be https://');

/** The address of what may be left out as a whole. */
export const optionalBankAddress = text.refine(
  (address) => address === '' || bankAddress.safeParse(address).success,
  'must be https://, or empty',
);

/** Hours such as `02:00-06:00` in Caracas; empty for none. */
export const maintenanceHours = text.transform((hours, context): MaintenanceHours | null => {
  const parsed = parseMaintenanceHours(hours);
  if (parsed !== undefined) return parsed;
  context.addIssue('must be hours such as 02:00-06:00, or empty');
  return null;
});

/** The content of a PEM file; null when none is named. @throws the system's error when it cannot be read */
export const pem = (file: string): string | null =>
  file === '' ? null : readFileSync(file, 'utf8');
