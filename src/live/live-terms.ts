import { Injectable } from '@nestjs/common';
import { EventStore } from '../platform/event-store/event-store.js';
import { LogReader } from '../platform/event-store/log-reader.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { LiveConfig } from './live.config.js';

/** Within which bounds updates are given, and where they are counted. */
@Injectable()
export class LiveTerms {
  constructor(
    readonly config: LiveConfig,
    readonly metrics: Metrics,
  ) {}

  get mostBytes(): number {
    return this.config.bufferKilobytes * 1024;
  }
}

/** The log: to be followed, and to be asked where it ends. */
@Injectable()
export class LiveLog {
  constructor(
    readonly store: EventStore,
    private readonly reader: LogReader,
  ) {}

  /** Null while it is empty. @throws EventStoreUnavailable */
  end(): ReturnType<LogReader['end']> {
    return this.reader.end();
  }
}
