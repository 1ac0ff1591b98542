import { timingSafeEqual } from 'node:crypto';
import { localDateAt } from '../../../kernel/local-date.js';
import { type Answer, text } from '../answer.js';
import type { Bank } from '../bank.js';
import { type Arrival, arrivalAt, parsed, type WireCall } from '../wire-call.js';
import { badField, overLimit, unknownClient } from './venezuela-answers.js';
import type { BranchAnswer, VenezuelaBranch } from './venezuela-branch.js';
import { VENEZUELA_PATHS, type VenezuelaOperation } from './venezuela-options.js';
import { readLookUp, readStatement } from './venezuela-query.js';

/** Where calls to the second bank are counted and answered. */
export class VenezuelaDesk {
  constructor(
    private readonly bank: Bank,
    private readonly branch: VenezuelaBranch,
  ) {}

  /** Whether a path is one of this bank's. */
  serves(path: string): boolean {
    return this.operationAt(path) !== null;
  }

  /** A call counts by its arrival, whatever becomes of it. */
  arrive(_path: string): Arrival {
    const { clock } = this.bank;
    return arrivalAt(clock, this.branch.window.arrive(clock.monotonicMs()));
  }

  answer(call: WireCall, arrival: Arrival): Answer {
    const operation = this.operationAt(call.path) ?? 'bdv_look_up';
    const body = parsed(call.body);
    const { answer, spoiltBy } = this.outcome(operation, { ...call, parsed: body }, arrival);
    this.bank.record({
      at: arrival.at,
      operation,
      status: answer.status,
      breach: arrival.breach,
      reference: referenceIn(body),
      scenario: spoiltBy?.name ?? null,
    });
    return answer;
  }

  private operationAt(path: string): VenezuelaOperation | null {
    const paths = VENEZUELA_PATHS[this.bank.options.flavour];
    if (path === paths.lookUp) return 'bdv_look_up';
    return path === paths.statement ? 'bdv_statement' : null;
  }

  private outcome(
    operation: VenezuelaOperation,
    call: WireCall & { readonly parsed: unknown },
    arrival: Arrival,
  ): BranchAnswer {
    if (arrival.breach) return plain(this.overLimit(arrival));
    if (call.method !== 'POST') return plain(text(405, 'Method Not Allowed'));
    if (call.body === null) return plain(text(413, 'Request Entity Too Large'));
    // A wrong key is answered like everything else: 1010 on 200, told by its wording.
    if (!same(call.apiKey ?? '', this.branch.options.apiKey)) return plain(unknownClient());
    return operation === 'bdv_look_up' ? this.lookUp(call.parsed) : this.statement(call.parsed);
  }

  private lookUp(body: unknown): BranchAnswer {
    const scenario = this.branch.faults.take('bdv_look_up');
    const read = readLookUp(body);
    if (read.outcome === 'refused') return plain(badField(read.field));
    return this.branch.lookUp(read.query, scenario);
  }

  private statement(body: unknown): BranchAnswer {
    const scenario = this.branch.faults.take('bdv_statement');
    const read = readStatement(body, localDateAt(this.bank.clock.now()));
    if (read.outcome === 'refused') return plain(badField(read.field));
    return this.branch.statement(read.query, scenario);
  }

  private overLimit({ retryAfterMs }: Arrival): Answer {
    const seconds = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
    return overLimit(this.bank.rules.retryAfterOnLimit ? seconds : null);
  }
}

const plain = (answer: Answer): BranchAnswer => ({ answer, spoiltBy: null });

const referenceIn = (body: unknown): string | null => {
  const said = (body as { referencia?: unknown } | null)?.referencia;
  return typeof said === 'string' ? said : null;
};

const same = (given: string, known: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(known)];
  return a.length === b.length && timingSafeEqual(a, b);
};
