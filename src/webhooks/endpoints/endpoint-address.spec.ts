import { addressFault, type AddressFault } from './endpoint-address.js';

describe('judging the address of an endpoint', () => {
  it.each<[string, AddressFault | null]>([
    ['https://shop.example/hooks', null],
    ['https://shop.example:8443/hooks?from=constancia', null],
    ['https://93.184.216.34/hooks', null],
    ['http://shop.example/hooks', 'not_https'],
    ['ftp://shop.example/hooks', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['shop.example', 'not_an_address'],
    ['https://user:word@shop.example/', 'not_an_address'],
    ['https://shop.example/#here', 'not_an_address'],
    ['https://localhost/hooks', 'private_address'],
    ['https://api.localhost/hooks', 'private_address'],
    ['https://receiver/hooks', 'private_address'],
    ['https://receiver.internal/hooks', 'private_address'],
    ['https://127.0.0.1/hooks', 'private_address'],
    // A browser, and a system's resolver, take all of these for 127.0.0.1.
    ['https://2130706433/hooks', 'private_address'],
    ['https://0x7f.1/hooks', 'private_address'],
    ['https://[::1]/hooks', 'private_address'],
    ['https://[::ffff:10.0.0.1]/hooks', 'private_address'],
    ['https://10.1.2.3/hooks', 'private_address'],
    ['https://169.254.169.254/latest/meta-data', 'private_address'],
  ])('finds at %s: %s', (address, fault) => {
    expect(addressFault(address, false)).toBe(fault);
  });

  it.each<[string, AddressFault | null]>([
    ['http://127.0.0.1:9000/hooks', null],
    ['http://receiver:9000/hooks', null],
    ['http://10.1.2.3/hooks', null],
    ['http://169.254.169.254/latest/meta-data', 'private_address'],
    ['ftp://receiver/', 'not_https'],
  ])('finds at %s, where a private network is allowed: %s', (address, fault) => {
    expect(addressFault(address, true)).toBe(fault);
  });
});
