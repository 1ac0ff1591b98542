import { aClose, aDayClosed, CLOSED_AT, someFigures } from '../../../test/support/a-day-close.js';
import { accept, reject } from '../../kernel/rejection.js';
import type { DayClosedEvent } from '../events/day-closed.event.js';
import { closeDay, type DayToClose } from './day-close.decisions.js';
import { closeStream, dayCloseAggregate } from './day-close.js';
import { retryDayClose } from './day-close.retrial.js';

const after = (history: readonly DayClosedEvent[]) =>
  history.reduce(dayCloseAggregate.evolve, dayCloseAggregate.initialState);
const given = (...history: readonly DayClosedEvent[]) => ({
  when: (close: Partial<DayToClose>, at = CLOSED_AT) =>
    closeDay(after(history), aClose(close), new Date(at)),
});
const first = aDayClosed();
const second = aDayClosed({ version: 2, position: '150', reason: 'a late credit' });

describe('closing a day', () => {
  it('records the figures, who closed it and why', () => {
    expect(given().when({})).toEqual(accept(first));
    expect(given().when({ seenVersion: 0 })).toEqual(accept(first));
  });

  it.each([
    ['the last millisecond of the day in Caracas', '2026-03-11T03:59:59.999Z', 'rejected'],
    ['midnight in Caracas', '2026-03-11T04:00:00.000Z', 'accepted'],
    ['the day before', '2026-03-09T14:00:00.000Z', 'rejected'],
  ])('knows whether the day is over at %s', (_, at, outcome) => {
    expect(given().when({}, at)).toMatchObject({
      outcome,
      ...(outcome === 'rejected' ? { code: 'day_not_over', facts: { day: '2026-03-10' } } : {}),
    });
  });

  it.each(['partial', 'none'] as const)('closes on %s coverage only when asked to', (coverage) => {
    const figures = [someFigures({ creditsAtBank: null, unclaimed: null })];
    expect(given().when({ coverage, figures })).toEqual(
      reject('coverage_incomplete', { coverage }),
    );
    expect(given().when({ coverage, figures, acceptIncomplete: true })).toEqual(
      accept(aDayClosed({ coverage, figures, acceptedIncomplete: true })),
    );
  });

  it('closes a day that was closed only for somebody who saw the last close', () => {
    const late = { position: '150', reason: 'a late credit' };
    expect(given(first).when(late)).toEqual(reject('day_already_closed', { version: 1 }));
    expect(given(first).when({ ...late, seenVersion: 0 })).toEqual(
      reject('version_changed', { version: 1 }),
    );
    expect(given(first, second).when({ ...late, seenVersion: 1 })).toEqual(
      reject('version_changed', { version: 2 }),
    );
    expect(given().when({ seenVersion: 1 })).toEqual(reject('version_changed', { version: 0 }));
    expect(given(first).when({ ...late, seenVersion: 1 })).toEqual(accept(second));
  });

  it('leaves the earlier close as it was', () => {
    expect(after([first, second]).closes).toEqual([first.data, second.data]);
  });

  it('ends somewhere', () => {
    const closes = Array.from({ length: 100 }, (_, at) => aDayClosed({ version: at + 1 }));
    expect(given(...closes.slice(1)).when({ seenVersion: 99 })).toMatchObject({
      outcome: 'accepted',
    });
    expect(given(...closes).when({ seenVersion: 100 })).toEqual(
      reject('closed_too_often', { version: 100 }),
    );
  });

  it('has a stream for each account and day', () => {
    expect(closeStream('0b7c5f4e-6a52-4f0d-9a55-2d2f0a1c7e11', '2026-03-10')).toBe(
      'close-0b7c5f4e6a524f0d9a552d2f0a1c7e11.20260310',
    );
  });
});

describe('deciding the recorded closes of a day once more', () => {
  it('records the very same', () => {
    const incomplete = aDayClosed({
      version: 3,
      coverage: 'none',
      acceptedIncomplete: true,
    });
    const history = [first, second, incomplete];
    for (const [at, event] of history.entries()) {
      expect(retryDayClose({ before: after(history.slice(0, at)), event }, null)).toEqual(
        accept(event),
      );
    }
  });

  it('does not record a close out of its turn, of a day that was not over, or on too little', () => {
    const retried = (event: DayClosedEvent) =>
      retryDayClose({ before: after([first]), event }, null);
    expect(retried(aDayClosed({ version: 3 }))).toMatchObject({ code: 'version_changed' });
    expect(retried(aDayClosed({ version: 2, closedAt: '2026-03-11T03:00:00.000Z' }))).toMatchObject(
      { code: 'day_not_over' },
    );
    expect(retried(aDayClosed({ version: 2, coverage: 'partial' }))).toMatchObject({
      code: 'coverage_incomplete',
    });
  });
});
