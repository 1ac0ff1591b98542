import type { Progress } from './checkpoint.js';
import type { GroupMessage } from './group-message.js';

interface Open {
  readonly message: GroupMessage;
  readonly expiresAtMs: number;
}

/** The messages of a group that were sent and not yet settled, and those to be sent again. */
export class OpenMessages {
  private readonly sent = new Map<string, Open>();
  private again: GroupMessage[] = [];

  get sentCount(): number {
    return this.sent.size;
  }

  get retryCount(): number {
    return this.again.length;
  }

  begin(message: GroupMessage, expiresAtMs: number): void {
    this.sent.set(message.id, { message, expiresAtMs });
  }

  get(id: string): GroupMessage | undefined {
    return this.sent.get(id)?.message;
  }

  settle(id: string): void {
    this.sent.delete(id);
  }

  /** Puts a message back, to be sent before anything new. */
  retry(message: GroupMessage): void {
    this.sent.delete(message.id);
    this.again.push({ ...message, retryCount: message.retryCount + 1 });
    this.again.sort((a, b) => a.sequence - b.sequence);
  }

  /** Sends a parked message again, as if it had never been tried. */
  replay(message: GroupMessage): void {
    this.again.push(message);
  }

  /** What is to be sent again, in order. */
  get toRetry(): readonly GroupMessage[] {
    return this.again;
  }

  took(message: GroupMessage): void {
    this.again = this.again.filter((other) => other !== message);
  }

  expired(nowMs: number): GroupMessage[] {
    return [...this.sent.values()]
      .filter(({ expiresAtMs }) => expiresAtMs <= nowMs)
      .map(({ message }) => message);
  }

  /** Where the group stands when everything before its oldest open message is done; null when that is nowhere. */
  progress(last: Progress | null, unsent: readonly GroupMessage[]): Progress | null {
    const sent = Array.from(this.sent.values(), ({ message }) => message);
    const open = [...sent, ...this.again, ...unsent].filter(({ place }) => place !== null);
    if (open.length === 0) return last;
    const oldest = open.reduce((a, b) => (a.sequence <= b.sequence ? a : b));
    return oldest.previousPlace === null
      ? null
      : { place: oldest.previousPlace, sequence: oldest.sequence - 1 };
  }
}
