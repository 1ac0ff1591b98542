import { ProgressLine } from './progress-line.js';

const line = (isTTY: boolean) => {
  const at = { ms: 5_000 };
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  const progress = new ProgressLine({ isTTY, write }, () => at.ms);
  return { progress, at, written: () => written };
};

describe('showing progress', () => {
  it('rewrites one line on a terminal', () => {
    const { progress, written } = line(true);
    progress.show('1 of 2');
    progress.show('2 of 2');
    progress.end('done');

    expect(written()).toBe('\r\u001B[K1 of 2\r\u001B[K2 of 2\r\u001B[Kdone\n');
  });

  it('puts other words above the line and draws it again', () => {
    const { progress, written } = line(true);
    progress.show('1 of 2');
    progress.interrupt('bank is up again.');

    expect(written()).toBe('\r\u001B[K1 of 2\r\u001B[Kbank is up again.\n1 of 2');
  });

  it('writes at most a line a second elsewhere', () => {
    const { progress, at, written } = line(false);
    progress.show('1 of 3');
    at.ms += 999;
    progress.show('2 of 3');
    at.ms += 1;
    progress.show('3 of 3');

    expect(written()).toBe('1 of 3\n3 of 3\n');
  });

  it('does not repeat what it wrote last', () => {
    const { progress, at, written } = line(false);
    progress.show('2 of 2');
    at.ms += 5_000;
    progress.show('2 of 2');
    progress.end('2 of 2');

    expect(written()).toBe('2 of 2\n');
  });
});
