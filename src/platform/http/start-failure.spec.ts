import { ConfigurationInvalid } from '../config/config.js';
import { startFailure } from './start-failure.js';

const failed = (fields: object, message = 'failed') => Object.assign(new Error(message), fields);

describe('saying why the process cannot start', () => {
  it('names every wrong variable on a line of its own, with the exit code of configuration errors', () => {
    const problems = [
      { name: 'HTTP_PORT', reason: 'must be a whole number' },
      { name: 'DATABASE_URL', reason: 'is required' },
    ];
    expect(startFailure(new ConfigurationInvalid(problems))).toEqual({
      lines: ['HTTP_PORT must be a whole number', 'DATABASE_URL is required'],
      exitCode: 78,
    });
  });

  it.each([
    [
      { code: 'EADDRINUSE', address: '127.0.0.1', port: 8000 },
      /^port 8000 .* taken; set HTTP_PORT/,
    ],
    [{ code: 'EACCES', address: '127.0.0.1', port: 80 }, /^port 80 .* may not be used/],
    [{ code: 'EADDRNOTAVAIL', address: '10.9.9.9' }, /^10\.9\.9\.9 is no address/],
    [{ code: 'ENOENT' }, /^cannot start: failed \(ENOENT\)$/],
    [{}, /^cannot start: failed$/],
  ])('explains %o in one line', (fields, line) => {
    const { lines, exitCode } = startFailure(failed(fields));
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(exitCode).toBe(1);
  });

  it('never shows credentials, and never more than a line', () => {
    const { lines } = startFailure(failed({}, 'at postgresql://app:hunter2@db\n  failed'));
    expect(lines).toEqual(['cannot start: at postgresql://[redacted]db failed']);
  });

  it('has a line for what is no error', () => {
    expect(startFailure(undefined).lines).toHaveLength(1);
  });
});
