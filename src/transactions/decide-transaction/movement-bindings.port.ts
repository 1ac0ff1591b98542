import type { ObservedMovement } from '../../matching/observed-movement.js';

/**
 * Binding on behalf of a person. The composition root answers from verification, which knows the slots of movements
 * and is not ours to import.
 */
export abstract class MovementBindings {
  /** The slot in which a movement of a credential's accounts meets its like; null when the credential is not served. */
  abstract slotOf(movement: ObservedMovement, credentialId: string): string | null;

  /**
   * Takes the second and third step of the binding that is under way; nothing when there is none. A binding left open
   * here is finished by a worker.
   * @throws EventStoreUnavailable  it may or may not be bound
   */
  abstract finish(transactionId: string): Promise<void>;
}
