import { runCommandLine } from './command-line.js';
import { UsageError, type Task, type TaskEntry } from './task.js';

const ran: unknown[] = [];

const entry = (name: string, run: Task['run']): TaskEntry => ({
  name,
  summary: `Does ${name}.`,
  load: () =>
    Promise.resolve({
      options: {
        data: { type: 'string', summary: 'where', default: '.data' },
        once: { type: 'boolean', summary: 'ends' },
      },
      run,
    }),
});

const ENTRIES = [
  entry('migrate', (values) => {
    ran.push({ ...values });
    return Promise.resolve(3);
  }),
  entry('secrets generate', () => Promise.resolve(0)),
  entry('refuse', () => Promise.reject(new UsageError('--port is not a port'))),
  entry('fail', () => Promise.reject(new Error('no disk'))),
];

const call = async (...args: string[]) => {
  let [out, error] = ['', ''];
  const code = await runCommandLine(ENTRIES, args, {
    out: (text) => (out += text),
    error: (text) => (error += text),
  });
  return { code, out, error };
};

describe('calling a command', () => {
  it('runs the task with its options and answers its exit code', async () => {
    expect(await call('migrate', '--once')).toEqual({ code: 3, out: '', error: '' });
    expect(ran).toEqual([{ data: '.data', once: true }]);
  });

  it('gives a task the one word that it asks for', async () => {
    const entries = [
      {
        ...entry('events', () => Promise.resolve(0)),
        load: () =>
          Promise.resolve<Task>({
            options: {},
            operand: 'transaction',
            run: ({ transaction }) => Promise.resolve(transaction === 'an-id' ? 7 : 0),
          }),
      },
    ];
    const silent = { out: () => undefined, error: () => undefined };

    expect(await runCommandLine(entries, ['events', 'an-id'], silent)).toBe(7);
    expect(await runCommandLine(entries, ['events'], silent)).toBe(64);
    expect(await runCommandLine(entries, ['events', 'an-id', 'another'], silent)).toBe(64);
    expect((await call('migrate', 'surplus')).code).toBe(64);
  });

  it('takes names of two words', async () => {
    expect((await call('secrets', 'generate')).code).toBe(0);
  });

  it('answers an unknown command with the list and exit 64', async () => {
    const { code, out, error } = await call('secrets', 'forget');

    expect([code, out]).toEqual([64, '']);
    expect(error).toContain('There is no command "secrets forget"');
    expect(error).toContain('secrets generate  Does secrets generate.');
  });

  it('answers no command at all with the list and exit 64', async () => {
    const { code, error } = await call();

    expect(code).toBe(64);
    expect(error).toMatch(/^Usage: /);
  });

  it('lists the commands when asked for help', async () => {
    const { code, out } = await call('--help');

    expect(code).toBe(0);
    expect(out).toContain('migrate');
  });

  it('tells the options of one command', async () => {
    const { code, out } = await call('migrate', '--help');

    expect(code).toBe(0);
    expect(out).toContain('--data VALUE  where (default .data)');
  });

  it('answers an unknown option with the options and exit 64', async () => {
    const { code, error } = await call('migrate', '--twice');

    expect(code).toBe(64);
    expect(error).toContain("Unknown option '--twice'");
    expect(error).toContain('--once');
  });

  it('answers a refused value with exit 64', async () => {
    const { code, error } = await call('refuse');

    expect(code).toBe(64);
    expect(error).toContain('--port is not a port');
  });

  it('leaves other failures to its caller', async () => {
    await expect(call('fail')).rejects.toThrow('no disk');
  });
});
