import type dns from 'node:dns';
import { AddressForbidden, guardedLookup, mayReach, mayReachStranger } from './guarded-lookup.js';

type Found = readonly { readonly address: string; readonly family: number }[];

/** A resolver that answers every name alike. */
const answering = (...addresses: readonly string[]): typeof dns.lookup =>
  ((
    _host: string,
    _options: object,
    done: (error: null, found: readonly dns.LookupAddress[]) => void,
  ) => {
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as typeof dns.lookup;

const lookUp = (host: string, resolve: typeof dns.lookup, all: boolean): Promise<unknown> =>
  new Promise((done, fail) => {
    guardedLookup((name, address) => mayReach(name, address, false), resolve)(
      host,
      { all },
      (error, address) => {
        if (error === null) done(address);
        else fail(error);
      },
    );
  });

describe('choosing the addresses that calls may reach', () => {
  it.each([
    ['api.bank.example', '93.184.216.34', true],
    ['api.bank.example', '2606:2800:220:1::1', true],
    ['api.bank.example', '127.0.0.1', false],
    ['api.bank.example', '::1', false],
    ['api.bank.example', '10.20.0.5', false],
    ['api.bank.example', '172.20.0.5', false],
    ['api.bank.example', '192.168.1.5', false],
    ['api.bank.example', '::ffff:10.0.0.1', false],
    ['api.bank.example', 'fd12:3456::1', false],
    ['api.bank.example', '169.254.169.254', false],
    ['localhost', '127.0.0.1', true],
    ['sandbox-bank', '172.18.0.4', true],
    ['bank.internal', '10.0.0.9', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['10.0.0.9', '10.0.0.9', true],
    // What holds the secrets of a cloud's machine is no bank under any name.
    ['169.254.169.254', '169.254.169.254', false],
    ['bank.internal', '169.254.169.254', false],
    ['::ffff:169.254.169.254', '::ffff:169.254.169.254', false],
    ['0.0.0.0', '0.0.0.0', false],
  ])('%s at %s: %s', (host, address, allowed) => {
    expect(mayReach(host, address, false)).toBe(allowed);
  });

  it('lets a public name lead to a private address where the bank is behind a VPN', () => {
    expect(mayReach('api.bank.example', '10.20.0.5', true)).toBe(true);
    expect(mayReach('api.bank.example', '169.254.169.254', true)).toBe(false);
  });

  it.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1::1', true],
    ['127.0.0.1', false],
    ['::1', false],
    ['10.20.0.5', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.1.5', false],
    ['100.64.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['::10.0.0.1', false],
    ['64:ff9b::a00:1', false],
    ['2002:a00:1::', false],
    ['fd12:3456::1', false],
    ['169.254.169.254', false],
    ['192.0.2.7', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
  ])('lets a stranger name %s: %s', (address, allowed) => {
    expect(mayReachStranger(address, false)).toBe(allowed);
  });

  it('lets a stranger name a private address where that is configured, and never a link-local one', () => {
    expect(mayReachStranger('127.0.0.1', true)).toBe(true);
    expect(mayReachStranger('10.0.0.1', true)).toBe(true);
    expect(mayReachStranger('169.254.169.254', true)).toBe(false);
    expect(mayReachStranger('::ffff:169.254.169.254', true)).toBe(false);
  });

  it('hands out only the addresses that may be reached', async () => {
    const resolve = answering('10.0.0.1', '93.184.216.34');
    const [only] = (await lookUp('api.bank.example', resolve, true)) as Found;
    expect(only?.address).toBe('93.184.216.34');
    expect(await lookUp('api.bank.example', resolve, false)).toBe('93.184.216.34');
  });

  it('refuses a name of which no address may be reached', async () => {
    const looking = lookUp('api.bank.example', answering('127.0.0.1', '::1'), true);
    await expect(looking).rejects.toThrow(AddressForbidden);
  });
});
