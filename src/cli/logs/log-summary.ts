/** How many different messages and routes are told apart; a log of noise must not fill the memory. */
const MOST_KINDS = 2_000;
const SHOWN = 10;

interface Counted {
  count: number;
  /** Request id or, without one, time of the latest line: where to go on reading. */
  latest: string;
}

interface Timed {
  requests: number;
  failed: number;
  slowestMs: number;
  slowestRequest: string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a log says as a whole: how much of what, what went wrong, and which routes were slow. */
export class LogSummary {
  private lines = 0;
  private unreadable = 0;
  private first = '';
  private last = '';
  private dropped = 0;
  private readonly levels = new Map<string, number>();
  private readonly complaints = new Map<string, Counted>();
  private readonly routes = new Map<string, Timed>();

  add(line: string): void {
    if (line.trim() === '') return;
    const fields = fieldsOf(line);
    if (fields === null) {
      this.unreadable += 1;
      return;
    }
    this.lines += 1;
    const time = textOf(fields['time']);
    // Lines of several processes may be mixed, so neither end is simply the first or last line.
    if (this.first === '' || time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    const level = textOf(fields['level']);
    this.levels.set(level, (this.levels.get(level) ?? 0) + 1);
    if (level === 'warn' || level === 'error' || level === 'fatal') {
      this.complain(level, fields);
    }
    if (fields['msg'] === 'answered') this.time(fields);
  }

  get hasErrors(): boolean {
    return this.levels.has('error') || this.levels.has('fatal');
  }

  /** For a person, a screen of it. */
  text(): string {
    const levels = [...this.levels].map(([level, count]) => `${count} ${level}`).join(', ');
    const head = [
      `${this.lines} lines${this.first === '' ? '' : ` from ${this.first} to ${this.last}`}: ${levels || 'none'}`,
      ...(this.unreadable > 0 ? [`${this.unreadable} lines are not of this service`] : []),
      ...(this.dropped > 0 ? [`${this.dropped} lines of further kinds are not told apart`] : []),
    ];
    return [...head, ...this.complaintLines(), ...this.routeLines()].join('\n').concat('\n');
  }

  private complain(level: string, fields: Readonly<Record<string, unknown>>): void {
    const error = (fields['err'] ?? {}) as { type?: unknown; code?: unknown };
    const kind = [textOf(error.type), textOf(error.code)].filter((part) => part !== '').join(' ');
    const about = [fields['worker'], fields['projection'], fields['endpoint']].map(textOf).join('');
    const name = [level.padEnd(5), textOf(fields['msg']), about, kind && `(${kind})`]
      .filter((part) => part !== '')
      .join(' ');
    const known = this.known(this.complaints, name, () => ({ count: 0, latest: '' }));
    if (known === null) return;
    known.count += 1;
    known.latest = textOf(fields['request_id']) || textOf(fields['time']);
  }

  private time(fields: Readonly<Record<string, unknown>>): void {
    const route = `${textOf(fields['method'])} ${textOf(fields['route'])}`;
    const [status, ms] = [fields['status'], fields['duration_ms']];
    if (typeof status !== 'number' || typeof ms !== 'number') return;
    const known = this.known(this.routes, route, () => ({
      requests: 0,
      failed: 0,
      slowestMs: -1,
      slowestRequest: '',
    }));
    if (known === null) return;
    known.requests += 1;
    if (status >= 500) known.failed += 1;
    if (ms <= known.slowestMs) return;
    known.slowestMs = ms;
    known.slowestRequest = textOf(fields['request_id']);
  }

  private known<T>(all: Map<string, T>, name: string, make: () => T): T | null {
    const known = all.get(name);
    if (known !== undefined) return known;
    if (all.size >= MOST_KINDS) {
      this.dropped += 1;
      return null;
    }
    const made = make();
    all.set(name, made);
    return made;
  }

  private complaintLines(): string[] {
    const worst = [...this.complaints].toSorted(([, a], [, b]) => b.count - a.count);
    if (worst.length === 0) return ['', 'No warning and no error.'];
    const lines = worst
      .slice(0, SHOWN)
      .map(([name, { count, latest }]) => `${String(count).padStart(7)}  ${name}; last: ${latest}`);
    const more = worst.length > SHOWN ? [`         and ${worst.length - SHOWN} more kinds`] : [];
    return ['', 'Warnings and errors, most frequent first:', ...lines, ...more];
  }

  private routeLines(): string[] {
    if (this.routes.size === 0) return [];
    const lines = [...this.routes]
      .toSorted(([, a], [, b]) => b.failed - a.failed || b.slowestMs - a.slowestMs)
      .slice(0, SHOWN)
      .map(
        ([route, { requests, failed, slowestMs, slowestRequest }]) =>
          `${String(requests).padStart(7)}  ${route}: ${failed} failed, slowest ${slowestMs} ms (${slowestRequest})`,
      );
    return ['', 'Routes, failed first, then slow:', ...lines];
  }
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const fields: unknown = JSON.parse(line);
    const isOurs = typeof fields === 'object' && fields !== null && 'level' in fields;
    return isOurs ? { ...fields } : null;
  } catch {
    // Whatever else wrote to the same file is counted, not read.
    return null;
  }
}
