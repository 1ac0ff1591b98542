import { sql } from 'kysely';
import { DailyTotalsProjection } from '../../src/finance/daily-totals/daily-totals.projection.js';
import type { DailyTotalsQuery } from '../../src/finance/daily-totals/daily-totals.request.js';
import { GetDailyTotals } from '../../src/finance/daily-totals/get-daily-totals.query.js';
import { GetDailyTotalsHandler } from '../../src/finance/daily-totals/get-daily-totals.query-handler.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { readPositionToken } from '../../src/platform/http/position-token.js';
import { openCheckpoint } from '../../src/platform/projections/checkpoint-store.js';
import { ProjectionWriter } from '../../src/platform/projections/projection-writer.js';
import { aCaller } from '../support/a-submission.js';
import { anId, happened } from '../support/a-transaction.js';
import { freshReadModels, type ReadModels } from '../support/read-models.js';
import { reportPositions } from '../support/report-positions.js';
import { Log } from '../support/stored-events.js';
import { TestClock } from '../support/test-clock.js';

const projection = new DailyTotalsProjection();
const ROWS = [...projection.tables, 'read.projection_checkpoint', 'read.quarantined_event'];
const RANGE = { from: '2026-03-01', to: '2026-03-31' } as DailyTotalsQuery;

/** A clock on which a wait takes no time. */
class WaitingClock extends TestClock {
  override pause(ms: number): Promise<void> {
    this.advance(ms);
    return Promise.resolve();
  }
}

const at = (time: string): Date => new Date(`2026-03-12T${time}Z`);
const later = (): Clock => new WaitingClock(at('18:00:00.000'));

/** A claim that comes at ten and is verified at eleven, with a second one in between. */
function aLog(): readonly StoredEvent[] {
  const log = new Log();
  const [first, proposed, verified] = [
    happened.submitted(),
    happened.bindingProposed(),
    happened.verified({ bankOn: '2026-03-11', bankAmountMinor: 11_990 }),
  ].map((event) => log.next(event)) as [StoredEvent, StoredEvent, StoredEvent];
  const second = log.next(happened.submitted({ transactionId: anId('second') }), anId('second'));
  return [
    { ...first, recordedAt: at('10:00:00.000') },
    { ...proposed, recordedAt: at('10:30:00.000') },
    { ...verified, recordedAt: at('11:00:00.000') },
    { ...second, recordedAt: at('11:00:01.000') },
  ];
}

let readModels: ReadModels;

beforeAll(async () => {
  readModels = await freshReadModels();
});

afterAll(() => readModels.close());

beforeEach(() => readModels.empty(...ROWS, 'state.report_position'));

const follow = async (events: readonly StoredEvent[]): Promise<void> => {
  const last = events.at(-1);
  if (last === undefined) return;
  const writer = new ProjectionWriter(readModels.db, projection);
  await writer.open();
  const from = await openCheckpoint(readModels.db.kysely, projection);
  await writer.apply(from, { events, upTo: last });
};

const ask = (
  events: readonly StoredEvent[],
  asOf?: DailyTotalsQuery['as_of'],
  clock: Clock = later(),
) =>
  new GetDailyTotalsHandler(
    readModels.db,
    reportPositions(readModels.db, { projections: [projection], events, clock }),
  ).execute(new GetDailyTotals({ ...RANGE, as_of: asOf }, aCaller({ merchantId: null })));

const rowsAt = async (events: readonly StoredEvent[], time: string) =>
  (await ask(events, { instant: at(time) })).data.map(({ day, status, transactions }) => [
    day,
    status,
    transactions,
  ]);

describe('asking for totals as of an instant', () => {
  it('shows what had happened until then, by the clock of the store', async () => {
    const events = aLog();
    await follow(events);

    expect(await rowsAt(events, '09:59:59.999')).toEqual([]);
    expect(await rowsAt(events, '10:00:00.000')).toEqual([['2026-03-10', 'pending', 1]]);
    expect(await rowsAt(events, '10:59:59.999')).toEqual([['2026-03-10', 'pending', 1]]);
    expect(await rowsAt(events, '11:00:00.000')).toEqual([['2026-03-11', 'verified', 1]]);
    expect(await rowsAt(events, '12:00:00.000')).toEqual([
      ['2026-03-10', 'pending', 1],
      ['2026-03-11', 'verified', 1],
    ]);
  });

  it('gives the same bytes by instant, by position, after more has happened and after a rebuild', async () => {
    const events = aLog();
    const known = events.slice(0, 3);
    await follow(known);
    const instant = at('11:00:00.500');
    const first = JSON.stringify(await ask(known, { instant }));
    const position = readPositionToken(JSON.parse(first).position) as { position: bigint };
    // The store's clock was set back: this event is stamped with an instant that was answered already.
    const stamped = events.slice(3).map((event) => ({ ...event, recordedAt: at('11:00:00.400') }));
    await follow(stamped);
    const grown = [...known, ...stamped];

    expect(JSON.stringify(await ask(grown, { instant }))).toBe(first);
    expect(JSON.stringify(await ask(grown, position))).toBe(first);
    await readModels.empty(...ROWS);
    await follow(grown);
    expect(JSON.stringify(await ask(grown, { instant }))).toBe(first);
    expect(JSON.stringify(await ask(grown))).not.toBe(first);
  });

  it('names the position of an answer of this moment, which gives it again', async () => {
    const events = aLog();
    await follow(events);
    const now = await ask(events);
    const named = readPositionToken(String(now.position)) as { position: bigint };

    expect(named).toEqual({ position: events.at(-1)?.position });
    expect(await ask(events, named)).toEqual(now);
  });

  it('waits for an instant that may still be stamped on something, and takes it once', async () => {
    const events = aLog();
    await follow(events);
    const clock = new WaitingClock(at('11:30:00.000'));
    const instant = at('11:30:00.000');

    const { position } = await ask(events, { instant }, clock);

    expect(clock.now().getTime()).toBeGreaterThanOrEqual(at('11:30:02.000').getTime());
    const { rows } = await sql<{ position: bigint }>`
      select position from state.report_position where as_of = ${instant}`.execute(
      readModels.db.kysely,
    );
    expect(rows).toEqual([readPositionToken(String(position))]);
  });

  it('does not wait where the log itself shows that the instant has passed', async () => {
    const events = aLog();
    await follow(events);
    const clock = new WaitingClock(at('11:00:01.000'));

    await ask(events, { instant: at('11:00:00.500') }, clock);

    expect(clock.now()).toEqual(at('11:00:01.000'));
  });

  it('refuses an instant that is to come', async () => {
    const clock = new WaitingClock(at('11:30:00.000'));

    await expect(ask([], { instant: at('11:30:02.001') }, clock)).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [expect.objectContaining({ in: 'query', pointer: '/as_of' })],
    });
  });

  it('refuses what the rows have not reached', async () => {
    const events = aLog();
    await follow(events.slice(0, 2));

    await expect(ask(events, { instant: at('12:00:00.000') })).rejects.toMatchObject({
      code: 'as_of_not_reached',
      facts: { position_token: expect.any(String) as string },
    });
    expect(await rowsAt(events, '10:30:00.000')).toEqual([['2026-03-10', 'pending', 1]]);
  });

  it('refuses what is after an event in quarantine, and names no position meanwhile', async () => {
    const events = aLog();
    await follow(events);
    const [, held] = events;
    await readModels.db.kysely
      .insertInto('read.quarantined_event')
      .values({
        projection: projection.name,
        version: projection.version,
        stream_name: held?.streamName ?? '',
        revision: 1n,
        event_id: anId('held'),
        type: 'BindingProposed.v1',
        position: held?.position ?? 0n,
        prepare_position: 0n,
        outcome: 'failed',
        reason: 'poison',
      })
      .execute();

    expect((await ask(events)).position).toBeNull();
    await expect(ask(events, { instant: at('12:00:00.000') })).rejects.toMatchObject({
      code: 'as_of_not_reached',
    });
    expect(await rowsAt(events, '10:00:00.000')).toEqual([['2026-03-10', 'pending', 1]]);
  });
});
