import { anId, aMovement, happened, SLOT } from '../support/a-transaction.js';
import { countLog, judgeClaims, totalsDiffer, type LoggedEvent } from './recount-log.js';

const A = anId('a');
const B = anId('b');
const KEY = aMovement().movementKey;

let ids = 0;
const logged = (stream: string, { type, data }: { type: string; data: object }): LoggedEvent => {
  ids += 1;
  return { id: `event-${ids}`, stream, type, data: data as LoggedEvent['data'] };
};
const submitted = (transactionId: string, reference: string): LoggedEvent =>
  logged(`transaction-${transactionId}`, happened.submitted({ transactionId, reference }));
const verified = (transactionId: string, movementKey = KEY): LoggedEvent =>
  logged(`transaction-${transactionId}`, happened.verified({ movementKey }));
const ofSlot = (type: string, transactionId: string, movementKey = KEY): LoggedEvent =>
  logged(`movement-${SLOT}`, { type, data: { slot: SLOT, movementKey, transactionId } });
const bound = (transactionId: string, movementKey?: string): LoggedEvent =>
  ofSlot('MovementBound.v1', transactionId, movementKey);

const CLAIMS = new Map([
  ['111', A],
  ['222', B],
]);
const told = { acknowledged: CLAIMS, answeredTwice: [] };
const OTHER = 'b'.repeat(32);
const sound = (): LoggedEvent[] => [
  submitted(A, '111'),
  submitted(B, '222'),
  bound(A),
  verified(A),
  bound(B, OTHER),
  verified(B, OTHER),
];
const TOTALS = [
  { status: 'verified', transactions: 2, bank_amount: 24_000 },
  { status: 'pending', transactions: 1, bank_amount: 0 },
];

describe('recounting a log after everything was killed', () => {
  it('finds nothing in a sound one', () => {
    const log = countLog(sound());

    expect(judgeClaims(log, told)).toEqual({ lost: 0, doubled: 0 });
    expect(log).toMatchObject({ boundTwice: 0, bound: 2 });
    expect(totalsDiffer(log, TOTALS)).toBe(false);
  });

  it('finds a claim that was acknowledged and lost', () => {
    const [, ...withoutTheFirst] = sound();

    expect(judgeClaims(countLog(withoutTheFirst), told)).toEqual({ lost: 1, doubled: 0 });
  });

  it.each<[string, () => LoggedEvent[]]>([
    ['submitted twice on its stream', () => [...sound(), submitted(A, '111')]],
    ['submitted again under another id', () => [...sound(), submitted(anId('c'), '111')]],
    [
      'written twice as one event',
      () => {
        const events = sound();
        return [...events, ...events.slice(3, 4)];
      },
    ],
  ])('finds a claim that was %s', (_, planted) => {
    expect(judgeClaims(countLog(planted()), told).doubled).toBe(1);
  });

  it('counts a claim that was answered under two ids', () => {
    const twice = { ...told, answeredTwice: ['111'] };

    expect(judgeClaims(countLog(sound()), twice).doubled).toBe(1);
  });

  it.each<[string, () => LoggedEvent[]]>([
    ['held by two transactions at one time', () => [...sound(), bound(B)]],
    ['that verified two, whatever its slot says', () => [...sound(), verified(B)]],
  ])('finds a movement %s', (_, planted) => {
    expect(countLog(planted()).boundTwice).toBe(1);
  });

  it('lets a movement be bound anew once it was released', () => {
    const released = [bound(A), ofSlot('MovementReleased.v1', A), bound(B)];

    expect(countLog(released)).toMatchObject({ boundTwice: 0, bound: 1 });
  });

  it.each([
    ['one transaction more', [{ ...TOTALS[0], transactions: 3 }]],
    ['one cent less', [{ ...TOTALS[0], bank_amount: 23_999 }]],
    ['nothing', []],
  ])('finds totals that tell of %s', (_, rows) => {
    expect(totalsDiffer(countLog(sound()), rows as typeof TOTALS)).toBe(true);
  });

  it('counts no verdict that was taken back', () => {
    const reversed = logged(`transaction-${A}`, happened.reversed());

    expect(countLog([...sound(), reversed]).verified.size).toBe(1);
  });
});
