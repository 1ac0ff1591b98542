import type { DestinationStream } from 'pino';

const QUIET = new Set(['level', 'time', 'msg', 'service', 'pid', 'context', 'err']);

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** One JSON line as a person reads it at a terminal; what is no JSON passes unchanged. */
export function prettyLine(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Not written by our logger; the line itself is the best that can be shown.
    return line;
  }
  const { time, level, context, msg, err } = fields;
  const clock = typeof time === 'string' ? time.slice(11, 23) : '';
  const where = typeof context === 'string' ? `[${context}] ` : '';
  const rest = Object.entries(fields)
    .filter(([name]) => !QUIET.has(name))
    .map(([name, value]) => `${name}=${shown(value)}`);
  const head = [
    clock,
    shown(level ?? '')
      .toUpperCase()
      .padEnd(5),
    `${where}${shown(msg ?? '')}`,
    ...rest,
  ];
  const { stack, message } = (err ?? {}) as { stack?: string; message?: string };
  const trace = stack ?? message;
  return `${head.join(' ')}\n${trace === undefined ? '' : `${trace}\n`}`;
}

/** Turns JSON lines into readable ones on their way out. */
export const prettyStream = (destination: DestinationStream): DestinationStream => ({
  write: (line) => destination.write(prettyLine(line)),
});
