import { DEFECTS } from './defects.js';
import { World } from './world.js';

// A seed each that meets the occasion for the mistake; found by running the simulation with it.
const SEEDS: Readonly<Record<string, number>> = {
  'tolerates-a-cent': 15,
  'binds-twice': 15,
  'frees-unanswered-permits': 21,
  'silence-is-no': 2,
  'never-recovers': 21,
  'loses-claims': 3,
};

describe('simulating days of verification', () => {
  it.each(Object.keys(DEFECTS))('finds a planted mistake: %s', async (name) => {
    const seed = SEEDS[name] ?? 0;
    expect((await new World(seed, DEFECTS[name]).run()).violations).not.toEqual([]);
  });

  it('finds nothing in the same worlds without it', async () => {
    for (const seed of new Set(Object.values(SEEDS))) {
      expect((await new World(seed).run()).violations).toEqual([]);
    }
  });

  it('does the same again for the same seed', async () => {
    expect(await new World(5).run()).toEqual(await new World(5).run());
  });
});
