import type { LookupFunction } from 'node:net';
import { guardedLookup, mayReach } from './guarded-lookup.js';

/**
 * Resolves the names that the configuration gives, each time a connection is made. Whoever configures is trusted to name
 * the right host, but not whoever may answer for it in the DNS: a public name must lead to a public address unless
 * `privateNetwork` says otherwise, and nothing leads to a link-local one, where clouds keep a machine's secrets.
 */
export const configuredHostLookup = (privateNetwork: boolean): LookupFunction =>
  guardedLookup((host, address) => mayReach(host, address, privateNetwork));
