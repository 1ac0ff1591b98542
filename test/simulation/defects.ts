import { BindMovementHandler } from '../../src/verification/bind-movement/bind-movement.command-handler.js';
import { BindingRecoveryWorker } from '../../src/verification/binding-recovery.worker.js';
import { BankGateway } from '../../src/bank-gateway/bank-gateway.port.js';
import { PermitLog } from '../../src/bank-gateway/permits/permit-log.port.js';
import type { AskResult } from '../../src/matching/bank-answer.js';
import { CommandRunner } from '../../src/platform/event-store/command-runner.js';
import { EventStore } from '../../src/platform/event-store/event-store.js';
import { EventStoreCommandRunner } from '../../src/platform/event-store/event-store-command-runner.js';
import type { Assembly } from './assembly.js';

/** A mistake planted on purpose: a simulation that finds none of these proves nothing by finding nothing. */
export interface Defect {
  readonly toleranceMinor?: bigint;
  readonly alter?: (assembly: Assembly) => void;
}

/** Answers of one member replaced, all others left alone. */
const altered = <Part extends object>(part: Part, changes: Partial<Part>): Part =>
  new Proxy(part, {
    get(target, name) {
      const change: unknown = Reflect.get(changes, name);
      if (change !== undefined) return change;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

const silenceIsNo = ({ answer, evidence }: AskResult): AskResult => ({
  evidence,
  answer:
    answer.outcome === 'unavailable' || answer.outcome === 'outcome_unknown'
      ? { outcome: 'not_visible_yet' }
      : answer,
});

export const DEFECTS: Readonly<Record<string, Defect>> = {
  /** A credit that is a cent off passes for the payment. */
  'tolerates-a-cent': { toleranceMinor: 1n },
  /** The slot is not asked who holds a movement. */
  'binds-twice': {
    alter: (assembly) => {
      assembly.provide(BindMovementHandler, { execute: async () => ({ outcome: 'bound' }) });
    },
  },
  /** A call without an answer is taken for one that never arrived. */
  'frees-unanswered-permits': {
    alter: (assembly) => {
      const permits = assembly.get(PermitLog);
      const tryTake: PermitLog['tryTake'] = async (request) => {
        const answer = await permits.tryTake({ ...request, callDeadlineMs: 0 });
        if (answer.outcome === 'taken') await permits.resolve(answer.permit.permitId);
        return answer;
      };
      assembly.provide(PermitLog, altered(permits, { tryTake }));
    },
  },
  /** A bank that fails is understood to say no. */
  'silence-is-no': {
    alter: (assembly) => {
      const gateway = assembly.get(BankGateway);
      const lookUp: BankGateway['lookUp'] = async (...ask) =>
        silenceIsNo(await gateway.lookUp(...ask));
      assembly.provide(BankGateway, altered(gateway, { lookUp }));
    },
  },
  /** Nobody finishes what a dead process began. */
  'never-recovers': {
    alter: (assembly) => {
      const recovery = assembly.get(BindingRecoveryWorker);
      assembly.provide(
        BindingRecoveryWorker,
        altered(recovery, { run: () => Promise.resolve('idle' as const) }),
      );
    },
  },
  /** Every fifth claim is acknowledged and not written. */
  'loses-claims': {
    alter: (assembly) => {
      const store = assembly.get(EventStore);
      let claims = 0;
      const append: EventStore['append'] = async (stream, expected, events) => {
        const isClaim = expected === 'no_stream' && stream.startsWith('transaction-');
        claims += Number(isClaim);
        if (!isClaim || claims % 5 !== 0) return store.append(stream, expected, events);
        return { revision: 0n, position: 0n, retried: false };
      };
      const losing = altered(store, { append });
      assembly.provide(EventStore, losing);
      assembly.provide(CommandRunner, new EventStoreCommandRunner(losing));
    },
  },
};
