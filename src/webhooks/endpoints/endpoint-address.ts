import { isIP } from 'node:net';
import { mayReachStranger } from '../../platform/network/guarded-lookup.js';

/** Why an address is not taken for an endpoint. */
export type AddressFault = 'not_an_address' | 'not_https' | 'private_address';

const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/i;

/**
 * Judges an address before it is taken. Where its name leads is looked at again at every call, since that may change;
 * what can be seen in it at once is told at once.
 */
export function addressFault(text: string, privateNetwork: boolean): AddressFault | null {
  if (!URL.canParse(text)) return 'not_an_address';
  const { protocol, hostname, username, password, hash } = new URL(text);
  const isHttps = protocol === 'https:' || (protocol === 'http:' && privateNetwork);
  if (!isHttps) return 'not_https';
  // A password would be stored and shown in clear, and a fragment is never sent.
  if (`${username}${password}${hash}` !== '') return 'not_an_address';
  return mayName(hostname.replace(/^\[|\]$/g, ''), privateNetwork) ? null : 'private_address';
}

const mayName = (host: string, privateNetwork: boolean): boolean =>
  isIP(host) === 0
    ? privateNetwork || (host.includes('.') && !LOCAL_NAME.test(host))
    : mayReachStranger(host, privateNetwork);
