import * as fc from 'fast-check';
import { aMovement, AN_ACCOUNT } from '../../../test/support/a-claim.js';
import type { Decision } from '../../kernel/rejection.js';
import type { Movement } from '../../matching/movement.js';
import { toObserved } from '../../matching/observed-movement.js';
import { movementBound } from '../bind-movement/movement-bound.event.js';
import { movementObserved } from '../bind-movement/movement-observed.event.js';
import { movementReleased } from '../bind-movement/movement-released.event.js';
import type { SlotEvent } from '../bind-movement/slot.event.js';
import { bind, observe, release } from './slot.decisions.js';
import { slotAggregate, slotStream, type Slot } from './slot.js';

const SLOT = '0134.J0000.credit.20260710.473078';
const now = new Date('2026-07-10T15:00:00.000Z');
const at = now.toISOString();
const WHOLE = '00683473078';

const row = (changes: Partial<Movement> = {}) => toObserved(aMovement(changes));

const observed = (changes: Partial<Movement> = {}, askId = 'ask-1') =>
  movementObserved({ slot: SLOT, movement: row(changes), askId, observedAt: at });

const bound = (transactionId: string, changes: Partial<Movement> = {}, proposalId?: string) =>
  movementBound({
    slot: SLOT,
    movementKey: row(changes).movementKey,
    transactionId,
    merchantId: 'merchant-1',
    externalId: `order of ${transactionId}`,
    proposalId: proposalId ?? `proposal of ${transactionId}`,
    boundAt: at,
  });

const released = (transactionId: string) =>
  movementReleased({
    slot: SLOT,
    movementKey: row().movementKey,
    transactionId,
    reason: 'bound by mistake',
    releasedBy: 'user:1',
    releasedAt: at,
  });

const binding = (transactionId: string, changes: Partial<Movement> = {}, proposalId?: string) => ({
  slot: SLOT,
  movement: row(changes),
  transactionId,
  merchantId: 'merchant-1',
  externalId: `order of ${transactionId}`,
  proposalId: proposalId ?? `proposal of ${transactionId}`,
  askId: 'ask-1',
  referenceDigits: 6,
  now,
});

const stateAfter = (...events: readonly SlotEvent[]): Slot =>
  events.reduce<Slot>(slotAggregate.evolve, slotAggregate.initialState);

const given = (...events: readonly SlotEvent[]) => ({
  when: (decide: (slot: Slot) => Decision<SlotEvent>) => {
    const decision = decide(stateAfter(...events));
    return {
      thenWrites: (...expected: readonly SlotEvent[]) =>
        expect(decision).toEqual({ outcome: 'accepted', events: expected }),
      thenRefusedFor: (boundTo: string) =>
        expect(decision).toMatchObject({
          outcome: 'rejected',
          code: 'movement_already_bound',
          facts: { boundTo, merchantId: 'merchant-1', externalId: `order of ${boundTo}` },
        }),
    };
  },
});

describe('observing the rows of a slot', () => {
  const sighting = (...rows: Partial<Movement>[]) => ({
    slot: SLOT,
    rows: rows.map(row),
    askId: 'ask-2',
    now,
  });

  it('writes down a row that was not seen', () => {
    given()
      .when((slot) => observe(slot, sighting({})))
      .thenWrites(observed({}, 'ask-2'));
  });

  it('writes nothing for a row that was seen', () => {
    given(observed())
      .when((slot) => observe(slot, sighting({})))
      .thenWrites();
  });

  it('writes an equal row once', () => {
    given()
      .when((slot) => observe(slot, sighting({}, { concept: 'other words' })))
      .thenWrites(observed({}, 'ask-2'));
  });

  it('keeps every spelling of what may be one movement', () => {
    given(observed())
      .when((slot) => observe(slot, sighting({}, { reference: WHOLE })))
      .thenWrites(observed({ reference: WHOLE }, 'ask-2'));
  });
});

describe('binding a movement', () => {
  it('binds a row and writes down that it was seen', () => {
    given()
      .when((slot) => bind(slot, binding('a')))
      .thenWrites(observed(), bound('a'));
  });

  it('binds a row that was seen before', () => {
    given(observed())
      .when((slot) => bind(slot, binding('a')))
      .thenWrites(bound('a'));
  });

  it('writes nothing for the same proposal again', () => {
    given(observed(), bound('a'))
      .when((slot) => bind(slot, binding('a')))
      .thenWrites();
  });

  it('refuses the row to a second transaction', () => {
    given(observed(), bound('a'))
      .when((slot) => bind(slot, binding('b')))
      .thenRefusedFor('a');
  });

  it.each<readonly [string, Partial<Movement>]>([
    ['the whole reference of the bound tail', { reference: WHOLE }],
    ['a longer tail', { reference: '3473078' }],
    ['the same row with a time', { bankTime: '10:30:00' }],
    ['the same row with the account', { account: AN_ACCOUNT }],
    ['the same row with a phone', { payerPhoneMask: '5841********5031' }],
  ])('refuses %s, since it could be the bound one', (_, spelling) => {
    given(observed(), bound('a'), observed(spelling))
      .when((slot) => bind(slot, binding('b', spelling)))
      .thenRefusedFor('a');
  });

  it.each<readonly [string, Partial<Movement>]>([
    ['another amount', { amountMinor: 12_001n }],
    ['another whole reference with the same tail', { reference: '00999473078' }],
    ['another account', { account: '01340000000000000001' }],
  ])('binds a row of %s beside a bound one', (_, other) => {
    const first = { reference: WHOLE, account: AN_ACCOUNT };
    given(observed(first), bound('a', first), observed(other))
      .when((slot) => bind(slot, binding('b', other)))
      .thenWrites(bound('b', other));
  });

  it('refuses a tail that could be either of two bound references', () => {
    given(observed({ reference: WHOLE }), bound('a', { reference: WHOLE }))
      .when((slot) => bind(slot, binding('b', { reference: '473078' })))
      .thenRefusedFor('a');
  });

  it('binds a released row again', () => {
    given(observed(), bound('a'), released('a'))
      .when((slot) => bind(slot, binding('b')))
      .thenWrites(bound('b'));
  });

  it('writes down a new proposal of the holder itself', () => {
    given(observed(), bound('a'))
      .when((slot) => bind(slot, binding('a', {}, 'proposal 2')))
      .thenWrites(bound('a', {}, 'proposal 2'));
  });
});

describe('releasing a movement', () => {
  const release_ = (slot: Slot, transactionId: string, proposalId: string) =>
    release(slot, {
      slot: SLOT,
      movementKey: row().movementKey,
      transactionId,
      proposalId,
      reason: 'bound by mistake',
      releasedBy: 'user:1',
      now,
    });

  it('lets go of a bound row', () => {
    given(observed(), bound('a'))
      .when((slot) => release_(slot, 'a', 'proposal of a'))
      .thenWrites(released('a'));
  });

  it('changes nothing the second time', () => {
    given(observed(), bound('a'), released('a'))
      .when((slot) => release_(slot, 'a', 'proposal of a'))
      .thenWrites();
  });

  it('leaves a newer binding of the same transaction alone', () => {
    given(observed(), bound('a'), bound('a', {}, 'proposal 2'))
      .when((slot) => release_(slot, 'a', 'proposal of a'))
      .thenWrites();
  });

  it('leaves the binding of another transaction alone', () => {
    given(observed(), bound('a'), released('a'), bound('b'))
      .when((slot) => release_(slot, 'a', 'proposal of a'))
      .thenWrites();
  });
});

describe('holding movements whatever is tried', () => {
  const spelling: fc.Arbitrary<Partial<Movement>> = fc.record({
    reference: fc.constantFrom('473078', WHOLE, '683473078', '00999473078'),
    amountMinor: fc.constantFrom(12_000n, 12_001n),
    account: fc.constantFrom(null, AN_ACCOUNT, '01340000000000000001'),
    bankTime: fc.constantFrom(null, '10:30:00'),
  });
  const attempt = fc.record({ by: fc.constantFrom('a', 'b', 'c'), spelling });

  it('never gives rows that could be one movement to two transactions', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 12 }), (attempts) => {
        let slot = slotAggregate.initialState;
        const holds: { by: string; spelling: Partial<Movement> }[] = [];
        for (const [turn, tried] of attempts.entries()) {
          const decision = bind(slot, binding(tried.by, tried.spelling, `proposal ${turn}`));
          if (decision.outcome === 'rejected') continue;
          slot = decision.events.reduce(slotAggregate.evolve, slot);
          holds.push(tried);
        }
        for (const one of holds) {
          for (const other of holds) {
            if (one.by !== other.by) expect(alike(one.spelling, other.spelling)).toBe(false);
          }
        }
      }),
    );
  });

  // Said anew in the plainest words, so that the rule is not checked by itself.
  const alike = (one: Partial<Movement>, other: Partial<Movement>): boolean => {
    const [a = '', b = ''] = [one.reference, other.reference].map((text) =>
      text?.replace(/^0+/, ''),
    );
    const accounts = new Set([one.account ?? other.account, other.account ?? one.account]);
    return (
      one.amountMinor === other.amountMinor &&
      accounts.size === 1 &&
      (a.endsWith(b) || b.endsWith(a))
    );
  };
});

describe('naming the stream of a slot', () => {
  it('has one dash, behind the category', () => {
    expect(slotStream(SLOT)).toBe(`movement-${SLOT}`);
    expect(slotStream(SLOT).split('-')).toHaveLength(2);
  });
});
