import { jest } from '@jest/globals';
import { runCommandLine } from '../../src/cli/command-line.js';
import { TASKS } from '../../src/cli/tasks.js';

/** What a command printed, and the exit code it ended with. */
export interface Said {
  readonly code: number;
  readonly said: string;
}

/** The whole command line without a process of its own; it is configured by `process.env` as ever. */
export async function cli(...args: readonly string[]): Promise<Said> {
  const said: string[] = [];
  const note = (text: unknown): void => void said.push(String(text).replace(/\n$/, ''));
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(note),
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      note(text);
      return true;
    }),
  ];
  try {
    const code = await runCommandLine(TASKS, args, { out: note, error: note });
    return { code, said: said.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
