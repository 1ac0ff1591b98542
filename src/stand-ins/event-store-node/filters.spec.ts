import { isHidden, makeFilter } from './filters.js';
import { WireError } from './wire-errors.js';

const event = { stream: 'order-1', type: 'OrderPlaced' };

describe('filtering the log', () => {
  it.each([
    ['stream', ['order-'], true],
    ['stream', ['invoice-', 'ord'], true],
    ['stream', ['Order-'], false],
    ['type', ['Order'], true],
    ['type', ['order'], false],
    ['type', [], false],
  ] as const)('by prefixes of the %s: %j fits: %s', (on, prefixes, fits) => {
    expect(makeFilter({ on, regex: '', prefixes })(event)).toBe(fits);
  });

  it.each([
    ['stream', '^order-\\d+$', true],
    ['stream', 'rder', true],
    ['type', '^[^$].*', true],
    ['type', '^\\$', false],
  ] as const)('by a regular expression of the %s: %s fits: %s', (on, regex, fits) => {
    expect(makeFilter({ on, regex, prefixes: [] })(event)).toBe(fits);
  });

  it('refuses an expression that is none', () => {
    expect(() => makeFilter({ on: 'type', regex: '(', prefixes: [] })).toThrow(WireError);
  });

  it.each([
    ['$epoch-information', true],
    ['$persistentsubscription-$all::group-checkpoint', true],
    ['$persistentsubscription-$all::group-parked', true],
    ['$persistentsubscription-orders::group-parked', false],
    ['$$order-1', false],
    ['order-1', false],
  ])('hides %s from every reader: %s', (stream, hidden) => {
    expect(isHidden(stream)).toBe(hidden);
  });
});
