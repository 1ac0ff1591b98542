import { LogSummary } from './log-summary.js';

const AT = '2026-11-20T10:00:0';
const line = (fields: object, second = 0): string =>
  JSON.stringify({ level: 'info', time: `${AT}${second}.000Z`, msg: 'said', ...fields });
const answered = (route: string, status: number, duration_ms: number, request_id: string) =>
  line({ msg: 'answered', method: 'GET', route, status, duration_ms, request_id });

const summaryOf = (...lines: readonly string[]): LogSummary => {
  const summary = new LogSummary();
  for (const each of lines) summary.add(each);
  return summary;
};

describe('summarising a log', () => {
  it('counts lines by level, over the time that they span, in whatever order', () => {
    const summary = summaryOf(line({}, 3), line({ level: 'warn' }, 1), line({}, 2));

    expect(summary.text()).toContain(`3 lines from ${AT}1.000Z to ${AT}3.000Z: 2 info, 1 warn`);
    expect(summary.hasErrors).toBe(false);
  });

  it('gathers complaints by message and kind of error, and says where to go on reading', () => {
    const err = { type: 'EventStoreUnavailable', code: 'E14', message: 'one of many' };
    const failed = (request_id: string) =>
      line({ level: 'error', msg: 'request failed', request_id, err });
    const summary = summaryOf(failed('first'), failed('second'), line({ level: 'fatal' }));

    expect(summary.text()).toContain(
      '      2  error request failed (EventStoreUnavailable E14); last: second\n',
    );
    expect(summary.hasErrors).toBe(true);
  });

  it('shows the routes that failed before those that were slow', () => {
    const lines = summaryOf(
      answered('/slow', 200, 900, 'slow-one'),
      answered('/slow', 200, 3, 'fast-one'),
      answered('/fails', 503, 1, 'failed-one'),
    )
      .text()
      .split('\n')
      .slice(-3, -1);

    expect(lines).toEqual([
      '      1  GET /fails: 1 failed, slowest 1 ms (failed-one)',
      '      2  GET /slow: 0 failed, slowest 900 ms (slow-one)',
    ]);
  });

  it('counts what is no line of the service, and bounds how many kinds it tells apart', () => {
    const summary = summaryOf('Killed', '"text"', '');
    for (let kind = 0; kind < 2_100; kind += 1) {
      summary.add(line({ level: 'warn', msg: `kind ${kind}` }));
    }

    expect(summary.text()).toContain('2 lines are not of this service');
    expect(summary.text()).toContain('100 lines of further kinds are not told apart');
    expect(summary.text()).toContain('and 1990 more kinds');
  });

  it('says so of an empty log', () => {
    expect(new LogSummary().text()).toBe('0 lines: none\n\nNo warning and no error.\n');
  });
});
