import { randomUUID } from 'node:crypto';
import type { EventLog } from '../event-log.js';
import type { GroupCommit } from '../group-commit.js';
import { NO_EVENTS } from '../expected-revision.js';
import { readRecordedEvent } from '../recorded-event.js';
import { PersistentGroup } from './group.js';
import { type GroupDefinition, groupId, settingsProblem } from './group-settings.js';
import { groupDoesNotExist, groupExists, groupFailed } from './group-errors.js';

/** Where the server keeps its groups, as one event that lists them all. */
const CONFIG_STREAM = '$persistentSubscriptionConfig';
const CONFIG_TYPE = '$PersistentConfig';

/** How often groups look for messages that were open too long and for progress to keep. */
const TICK_MS = 250;

/** All groups of the node, kept over restarts in a stream of their own. */
export class PersistentGroups {
  private readonly groups = new Map<string, PersistentGroup>();
  private readonly timer: NodeJS.Timeout;
  /** One change of the list after the other, since each writes the whole list. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly commits: GroupCommit,
  ) {
    for (const definition of this.load()) this.begin(definition);
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** @throws WireError when there is no such group */
  get(stream: string, group: string): PersistentGroup {
    const found = this.groups.get(groupId(stream, group));
    if (found === undefined) throw groupDoesNotExist(stream, group);
    return found;
  }

  list(stream?: string): readonly PersistentGroup[] {
    const all = [...this.groups.values()];
    return stream === undefined
      ? all
      : all.filter(({ definition }) => definition.stream === stream);
  }

  /** @throws WireError when it exists or its settings make no sense */
  create(definition: GroupDefinition): Promise<void> {
    const { stream, group } = definition;
    return this.inTurn(async () => {
      if (this.groups.has(groupId(stream, group))) throw groupExists(stream, group);
      this.check(definition);
      await this.save([...this.definitions(), definition]);
      this.begin(definition);
    });
  }

  /** Goes on with other settings from where the group was; its consumers have to come again. @throws WireError */
  update(definition: GroupDefinition): Promise<void> {
    const { stream, group } = definition;
    return this.inTurn(async () => {
      const old = this.get(stream, group);
      this.check(definition);
      const others = this.definitions().filter((one) => one !== old.definition);
      // A filter is for life: the request to change a group has no place for one.
      const changed = { ...definition, filter: old.definition.filter };
      await this.save([...others, changed]);
      old.stop();
      this.begin(changed);
    });
  }

  /** @throws WireError when there is no such group */
  delete(stream: string, group: string): Promise<void> {
    return this.inTurn(async () => {
      const old = this.get(stream, group);
      await this.save(this.definitions().filter((one) => one !== old.definition));
      this.groups.delete(groupId(stream, group));
      old.stop();
      await old.checkpoint.delete();
      await old.parked.delete();
    });
  }

  /** Lets every group begin again from what it has kept. */
  restart(): void {
    for (const group of this.groups.values()) group.stop();
    for (const definition of this.definitions()) this.begin(definition);
  }

  stop(): void {
    clearInterval(this.timer);
    for (const group of this.groups.values()) group.stop();
  }

  private begin(definition: GroupDefinition): void {
    const group = new PersistentGroup(definition, this.log, this.commits);
    this.groups.set(groupId(definition.stream, definition.group), group);
  }

  private check({ stream, group, settings }: GroupDefinition): void {
    const problem = settingsProblem(settings);
    if (problem !== null) throw groupFailed(stream, group, problem);
  }

  private tick(): void {
    for (const group of this.groups.values()) {
      // A full disk: the progress is kept, or the message parked, at a later tick.
      group.tick().catch(() => undefined);
    }
  }

  private inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const mine = this.turn.then(change, change);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private definitions(): GroupDefinition[] {
    return [...this.groups.values()].map(({ definition }) => definition);
  }

  private load(): GroupDefinition[] {
    const { lastRevision } = this.log.heads.of(CONFIG_STREAM);
    if (lastRevision === NO_EVENTS) return [];
    const record = this.log.reader.visibleEvent(CONFIG_STREAM, lastRevision);
    if (record === undefined) return [];
    // Nobody else writes this stream: the list has the form that `save` gave it.
    return JSON.parse(readRecordedEvent(record).data.toString('utf8')) as GroupDefinition[];
  }

  private async save(definitions: readonly GroupDefinition[]): Promise<void> {
    const event = {
      id: randomUUID(),
      type: CONFIG_TYPE,
      contentType: 'application/json',
      metadata: new Uint8Array(),
      data: Buffer.from(JSON.stringify(definitions)),
    };
    await this.commits.write((writes) =>
      writes.append({ stream: CONFIG_STREAM, expected: 'any', events: [event] }),
    );
  }
}
