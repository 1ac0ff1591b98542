import { type Answer, coded, text } from './answer.js';
import { refusedToken } from './answer-scenarios.js';
import type { Bank } from './bank.js';
import { isWithinHours } from './bank-clock.js';
import { PATHS } from './bank-options.js';
import { type Operation, type Reading, readQuery } from './query.js';
import type { Scenario } from './scenario.js';
import { type Arrival, arrivalAt, parsed, type WireCall } from './wire-call.js';

interface Outcome {
  readonly operation: Operation;
  readonly answer: Answer;
  readonly reference?: string | null;
  readonly scenario?: Scenario | null;
}

/** Where calls are counted and answered, without a word of sockets: the server uses it, and virtual time does. */
export class Desk {
  constructor(private readonly bank: Bank) {}

  /** A call counts by its arrival, whatever becomes of it. */
  arrive(path: string): Arrival {
    const { window, clock, options } = this.bank;
    const isFree = this.isToken(path) && !options.limit.countTokenCalls;
    const room = isFree ? { breach: false, retryAfterMs: 0 } : window.arrive(clock.monotonicMs());
    return arrivalAt(clock, room);
  }

  answer(call: WireCall, arrival: Arrival): Answer {
    const outcome = this.outcome(call, arrival);
    this.bank.record({
      at: arrival.at,
      operation: outcome.operation,
      status: outcome.answer.status,
      breach: arrival.breach,
      reference: outcome.reference ?? null,
      scenario: outcome.scenario?.name ?? null,
    });
    return outcome.answer;
  }

  private isToken(path: string): boolean {
    return path === PATHS[this.bank.options.flavour].token;
  }

  private outcome(call: WireCall, arrival: Arrival): Outcome {
    const { options, rules, clock } = this.bank;
    const { method, path, body } = call;
    const isApi = path === PATHS[options.flavour].api && method === 'POST';
    const reading = isApi ? readQuery(parsed(body), rules) : null;
    const operation = this.isToken(path) ? 'token' : operationOf(reading);
    if (arrival.breach) return { operation, answer: this.overLimit(arrival) };
    if (body === null) return { operation, answer: text(413, 'Request Entity Too Large') };
    if (rules.maintenance !== null && isWithinHours(clock.localTime(), rules.maintenance)) {
      return { operation, answer: coded('VRN04', options.flavour) };
    }
    if (operation === 'token') return this.tokenCall(call, body);
    if (reading === null) return { operation, answer: this.unknownPath() };
    return this.apiCall(call, reading);
  }

  private tokenCall({ method, authorization, contentType }: WireCall, body: string): Outcome {
    const { tokenEndpoint, movementsEndpoint, faults } = this.bank;
    const regular =
      method === 'POST'
        ? tokenEndpoint.answer(contentType, authorization, body)
        : text(405, 'Method Not Allowed');
    const scenario = faults.take('token');
    const answer = scenario?.answer?.(regular, movementsEndpoint.settings) ?? regular;
    return { operation: 'token', answer, scenario };
  }

  private apiCall({ authorization }: WireCall, reading: Reading): Outcome {
    const { options, tokens, faults, movementsEndpoint } = this.bank;
    const operation = operationOf(reading);
    if (!tokens.accepts(authorization)) {
      return { operation, answer: refusedToken(options.flavour) };
    }
    const scenario = faults.take(operation);
    if (reading.outcome === 'refused') {
      const refusal = coded(reading.code, options.flavour, fieldOf(reading));
      const answer = scenario?.answer?.(refusal, movementsEndpoint.settings) ?? refusal;
      return { operation, answer, scenario };
    }
    const { answer, spoiltBy } = movementsEndpoint.answer(reading.query, scenario);
    if (spoiltBy?.revokesTokens === true) tokens.revokeAll();
    const reference = reading.query.operation === 'range' ? null : reading.query.reference;
    return { operation, answer, reference, scenario: spoiltBy };
  }

  private overLimit(arrival: Arrival): Answer {
    const { options, rules } = this.bank;
    const answer = coded('VRN05', options.flavour);
    if (!rules.retryAfterOnLimit) return answer;
    const seconds = String(Math.max(1, Math.ceil(arrival.retryAfterMs / 1000)));
    return { ...answer, headers: { ...answer.headers, 'retry-after': seconds } };
  }

  private unknownPath(): Answer {
    return this.bank.options.flavour === 'production'
      ? text(404, 'No Mapping Rule matched')
      : text(404, 'Not Found');
  }
}

const operationOf = (reading: Reading | null): Operation => {
  if (reading === null) return 'unrecognised';
  return reading.outcome === 'query' ? reading.query.operation : reading.operation;
};

/** An empty result names no field: that it comes from a surplus one is for the client to find out. */
const fieldOf = (reading: { readonly code: string; readonly field: string }): string =>
  reading.code === '70001' ? '' : reading.field;
