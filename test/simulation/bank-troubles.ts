import type { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import type { Bank } from '../../src/stand-ins/sandbox-bank/bank.js';
import type { Dice } from './dice.js';
import type { VirtualTime } from './virtual-time.js';

const REOPEN_EVERY_MS = 30 * 60_000;

// Those that spoil one answer. None of them says that a payment is not there while it is: no client could know better.
const ANY_CALL = [
  'rate-limited',
  'rate-limited-until-date',
  'rate-limited-silent',
  'maintenance',
  'maintenance-crt503',
  'dependency-failed',
  'unavailable',
  'internal-error',
  'no-content',
  'conflict',
  'unprocessable',
  'unknown-code',
  'foreign-success-code',
  'rows-on-500',
  'html',
  'token-expired-mid-flight',
  'token-refused',
  'credentials-rejected',
  'reset-after-send',
  'half-answer',
  'slow-answer',
  'trickle',
  'malformed-json',
  'wrong-content-type',
  'empty-body',
  'gateway-timeout',
] as const satisfies readonly [string, ...string[]];

const TOKEN_CALLS = [
  'token-client-refused',
  'token-without-lifetime',
  'token-short-lived',
  'unavailable',
  'html',
] as const satisfies readonly [string, ...string[]];

/** Orders faults at the bank over some time. */
export function orderFaults(
  bank: Bank,
  { time, dice }: { readonly time: VirtualTime; readonly dice: Dice },
  { count, withinMs }: { readonly count: number; readonly withinMs: number },
): void {
  for (let fault = 0; fault < count; fault += 1) {
    const isToken = dice.chance(0.2);
    const name = isToken ? dice.pick(TOKEN_CALLS) : dice.pick(ANY_CALL);
    const calls = dice.pick([1, 1, 2, 5]);
    time.after(dice.between(0, withinMs), () =>
      bank.faults.order(name, calls, isToken ? 'token' : null),
    );
  }
}

/** A person looks twice an hour and reopens what refused credentials closed. */
export function reopenNowAndThen(
  time: VirtualTime,
  closures: GatewayClosures,
  credentialId: string,
): void {
  time.after(REOPEN_EVERY_MS, () => {
    void closures.reopen(credentialId, { by: 'user:simulated', reason: 'looked' });
    reopenNowAndThen(time, closures, credentialId);
  });
}
