/**
 * A map of bounded size that drops what was not used for long. Two generations: what is used stays in the young one or
 * comes back to it, and when that is full it takes the place of the old one, which is dropped whole. At least the last
 * half of the capacity is remembered, and a use costs one look instead of moving the entry.
 */
export class RecentMap<Key, Value> {
  private young = new Map<Key, Value>();
  private old = new Map<Key, Value>();

  constructor(private readonly capacity: number) {}

  get(key: Key): Value | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const older = this.old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    this.young.set(key, value);
    if (this.young.size * 2 < this.capacity) return;
    this.old = this.young;
    this.young = new Map();
  }

  delete(key: Key): void {
    this.young.delete(key);
    this.old.delete(key);
  }
}
