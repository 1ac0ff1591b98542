import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Refused before a connection is begun: the name leads where nobody whom we call is. */
export class AddressForbidden extends Error {
  override name = 'AddressForbidden';
  readonly code = 'EADDRFORBIDDEN';

  constructor(host: string) {
    super(`${host} leads to an address that our calls must not reach`);
  }
}

type Range = readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'];

const listOf = (ranges: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [network, bits, family] of ranges) list.addSubnet(network, bits, family);
  return list;
};

// IANA's registries of special-purpose addresses: clouds keep the secrets of a machine at link-local ones, and the rest
// lead to no single machine.
const NEVER = listOf([
  ['169.254.0.0', 16, 'ipv4'],
  ['0.0.0.0', 8, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['::', 128, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
]);

const PRIVATE = listOf([
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
]);

// What stands for other addresses, some of them private, or is kept for documents: no receiver is there.
const STRANGE = listOf([
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['::', 96, 'ipv6'],
]);

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A name of the public tree; `localhost`, a container's name, `bank.internal` or an address itself is none. */
const isPublicName = (host: string): boolean =>
  isIP(host) === 0 &&
  host.includes('.') &&
  !/(^|\.)(localhost|local|internal|intranet|lan|test|home\.arpa)\.?$/i.test(host);

/**
 * Whether a call that names this host may go to this address. A public name must lead to a public address, so that
 * whoever can change its answer in the DNS does not reach our own network; `privateNetwork` is for banks behind a VPN.
 */
export function mayReach(host: string, address: string, privateNetwork: boolean): boolean {
  const family = familyOf(address);
  // BlockList sees through IPv4 addresses that are written as IPv6 ones.
  if (NEVER.check(address, family)) return false;
  return privateNetwork || !isPublicName(host) || !PRIVATE.check(address, family);
}

/**
 * Whether a call to where somebody else told us may go to this address. Whatever name or number he wrote, it must be
 * a public one; `privateNetwork` is for development, where receivers are beside us.
 */
export function mayReachStranger(address: string, privateNetwork: boolean): boolean {
  const family = familyOf(address);
  if (NEVER.check(address, family)) return false;
  return privateNetwork || !(PRIVATE.check(address, family) || STRANGE.check(address, family));
}

/**
 * Resolves names for connections and hands out only addresses that may be reached: the address that was looked at is
 * the one that is connected to, whatever the name answers a moment later.
 */
export const guardedLookup =
  (
    allows: (host: string, address: string) => boolean,
    resolve: typeof dns.lookup = dns.lookup,
  ): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const allowed = found.filter(({ address }) => allows(host, address));
      const [first] = allowed;
      if (first === undefined) done(new AddressForbidden(host), []);
      else if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
