import { prettyLine } from './pretty-line.js';

describe('showing a log line to a person', () => {
  it('puts time, level, place and message first and the rest behind', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-11-20T10:11:12.345Z',
      service: 'constancia',
      pid: 1,
      context: 'Http',
      msg: 'ready',
      port: 8000,
      roles: ['api'],
    });
    expect(prettyLine(line)).toBe('10:11:12.345 INFO  [Http] ready port=8000 roles=["api"]\n');
  });

  it('shows where an error came from', () => {
    const line = JSON.stringify({
      level: 'error',
      msg: 'failed',
      err: { stack: 'Error: x\n  at y' },
    });
    expect(prettyLine(line)).toContain('failed\nError: x\n  at y\n');
  });

  it('passes on what is no JSON', () => {
    expect(prettyLine('plain\n')).toBe('plain\n');
  });
});
