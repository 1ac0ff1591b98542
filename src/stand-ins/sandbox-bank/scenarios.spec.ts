import { VENEZUELA_SCENARIOS } from './venezuela/venezuela-scenarios.js';
import { SCENARIOS, scenarioNamed, scenarioOfReference } from './scenarios.js';

describe('cataloguing the scenarios', () => {
  it('holds at least thirty of the first bank', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(30);
  });

  it.each([
    ['first', SCENARIOS],
    ['second', VENEZUELA_SCENARIOS],
  ])('gives each of the %s bank a name and a number of its own', (_, catalogue) => {
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
    expect(new Set(catalogue.map(({ number }) => number)).size).toBe(catalogue.length);
  });

  it('numbers them with two digits', () => {
    expect(SCENARIOS.filter(({ number }) => number < 0 || number > 99)).toEqual([]);
  });

  it('finds a scenario by the last six digits of a reference', () => {
    expect(scenarioOfReference('12345993017')?.name).toBe('rate-limited');
    expect(scenarioOfReference('990100')?.name).toBe('late-credit');
  });

  it('finds none in an ordinary reference, or for a number nobody has', () => {
    expect(scenarioOfReference('00683473078')).toBeNull();
    expect(scenarioOfReference('999900')).toBeNull();
  });

  it('lets no reference reach what concerns the token endpoint only', () => {
    expect(scenarioOfReference('997000')).toBeNull();
  });

  it('names the scenario it does not know', () => {
    expect(() => scenarioNamed('nonsense')).toThrow('unknown scenario "nonsense"');
  });
});
