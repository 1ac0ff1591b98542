/** Shows how far something is: one line that changes on a terminal, a line a second elsewhere. */
export class ProgressLine {
  private last = '';
  private printedAt = 0;

  constructor(
    private readonly stream: { isTTY?: boolean; write(text: string): unknown } = process.stdout,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(text: string): void {
    if (text === this.last) return;
    if (this.stream.isTTY === true) {
      this.stream.write(`\r\u001B[K${text}`);
      this.last = text;
    } else if (this.now() - this.printedAt >= 1_000) {
      this.stream.write(`${text}\n`);
      this.printedAt = this.now();
      this.last = text;
    }
  }

  /** Leaves the last state standing and goes on below it. */
  end(text: string): void {
    if (this.stream.isTTY === true) this.stream.write(`\r\u001B[K${text}\n`);
    else if (text !== this.last) this.stream.write(`${text}\n`);
    this.last = '';
  }

  /** Prints a line of its own above the one that changes. */
  interrupt(line: string): void {
    if (this.stream.isTTY === true && this.last !== '') {
      this.stream.write(`\r\u001B[K${line}\n${this.last}`);
    } else {
      this.stream.write(`${line}\n`);
    }
  }
}
