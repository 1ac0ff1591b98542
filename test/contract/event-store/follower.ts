import type { RecordedEvent, ResolvedEvent } from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { textOf, WITHIN } from './event-store-under-test.js';

/** What the two kinds of subscription have in common. */
interface Subscription {
  on(name: 'data', heard: (event: ResolvedEvent) => void): unknown;
  on(name: 'confirmation' | 'caughtUp', heard: () => void): unknown;
  on(name: 'error', heard: (error: Error) => void): unknown;
  unsubscribe(): Promise<void>;
}

/** Keeps what a subscription says, so that a rule can wait for it. */
export class Follower {
  readonly heard: ResolvedEvent[] = [];
  /** Everything in the order it came, an event as its text. */
  readonly story: string[] = [];
  error: Error | undefined;

  constructor(private readonly subscription: Subscription) {
    subscription.on('data', (event) => {
      this.heard.push(event);
      this.story.push(textOf(event.event ?? event.link));
    });
    subscription.on('confirmation', () => this.story.push('confirmed'));
    subscription.on('caughtUp', () => this.story.push('caught up'));
    subscription.on('error', (error) => {
      this.error = error;
    });
  }

  get events(): RecordedEvent[] {
    return this.heard.flatMap(({ event }) => (event === undefined ? [] : [event]));
  }

  get texts(): string[] {
    return this.events.map(textOf);
  }

  /** The events of one stream, for a subscription that sees others too. */
  textsOf(stream: string): string[] {
    return this.events.filter(({ streamId }) => streamId === stream).map(textOf);
  }

  /** Waits until something is so. @throws the last complaint when it does not become so in time */
  until(check: (follower: Follower) => void): Promise<void> {
    return eventually(() => check(this), WITHIN);
  }

  untilConfirmed(): Promise<void> {
    return this.until(({ story }) => expect(story).toContain('confirmed'));
  }

  untilCaughtUp(): Promise<void> {
    return this.until(({ story }) => expect(story).toContain('caught up'));
  }

  async stop(): Promise<void> {
    await this.subscription.unsubscribe();
  }
}
