import { SCENARIOS, scenarioNamed, scenarioOfReference } from './scenarios.js';

describe('cataloguing the scenarios', () => {
  it('holds at least thirty, each with its own name and number', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(30);
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
    expect(new Set(SCENARIOS.map(({ number }) => number)).size).toBe(SCENARIOS.length);
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
