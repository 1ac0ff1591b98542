import { deprecationHeaders, isUsed } from './deprecation-headers.js';

const GOING = { since: '2026-11-01', instead: 'another route' };

describe('telling that something will go', () => {
  it('says since when, and until when once that is fixed', () => {
    const docs = 'https://api.example.com/docs';
    expect(deprecationHeaders(GOING, docs)).toEqual({
      deprecation: '@1793491200',
      link: '<https://api.example.com/docs>; rel="deprecation"; type="text/html"',
    });
    expect(deprecationHeaders({ ...GOING, sunset: '2027-11-01' }, docs)).toMatchObject({
      sunset: 'Mon, 01 Nov 2027 00:00:00 GMT',
    });
  });

  it.each([
    ['a route', GOING, undefined, true],
    ['a field that is sent', { ...GOING, field: 'old' }, { old: 1 }, true],
    ['a field that is not sent', { ...GOING, field: 'old' }, { other: 1 }, false],
    ['a field without a body', { ...GOING, field: 'old' }, undefined, false],
  ])('speaks of %s', (_, deprecation, body, used) => {
    expect(isUsed(deprecation, body)).toBe(used);
  });
});
