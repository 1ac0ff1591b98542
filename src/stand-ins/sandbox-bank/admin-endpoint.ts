import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type Answer, json } from './answer.js';
import type { Bank } from './bank.js';
import { movementRow } from './movement.js';
import type { FaultOrders } from './fault-orders.js';
import type { Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';
import { isVenezuelan } from './venezuela/venezuela-options.js';
import { VENEZUELA_SCENARIOS } from './venezuela/venezuela-scenarios.js';

const clockBody = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advance_seconds: z.number() }),
]);

const faultBody = z.strictObject({
  scenario: z.string(),
  calls: z.int().positive().default(1),
  operation: z
    .enum([
      'token',
      'pago_movil',
      'transfer_same_bank',
      'transfer_other_bank',
      'range',
      'bdv_look_up',
      'bdv_statement',
    ])
    .nullable()
    .default(null),
});

const movementsBody = z.union([
  z.strictObject({ movements: z.array(z.unknown()) }),
  z.array(z.unknown()),
]);

type Route = (bank: Bank, body: string) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /admin/state': (bank) => bank.state(),
  'GET /admin/calls': (bank) => ({ calls: bank.calls.recent() }),
  'GET /admin/scenarios': () => ({
    scenarios: SCENARIOS.map(described),
    venezuela: VENEZUELA_SCENARIOS.map(described),
  }),
  'GET /admin/movements': (bank) => ({ movements: bank.ledger.all().map(movementRow) }),
  'POST /admin/movements': (bank, body) => {
    const given = movementsBody.parse(JSON.parse(body));
    const added = bank.addRows(Array.isArray(given) ? given : given.movements);
    return { added: added.map(({ id }) => id) };
  },
  'POST /admin/clock': (bank, body) => {
    const move = clockBody.parse(JSON.parse(body));
    bank.setClock(
      'now' in move ? { to: new Date(move.now) } : { byMs: move.advance_seconds * 1000 },
    );
    return bank.state();
  },
  'POST /admin/faults': (bank, body) => {
    const { scenario, calls, operation } = faultBody.parse(JSON.parse(body));
    ordersFor(bank, operation).order(scenario, calls, operation);
    return { faults: bank.orders() };
  },
  'DELETE /admin/faults': (bank) => {
    bank.faults.clear();
    bank.venezuela?.faults.clear();
    return { faults: [] };
  },
  'POST /admin/reset': (bank) => {
    bank.reset();
    return bank.state();
  },
};

const described = ({ number, name, summary, expected }: Scenario) => ({
  number,
  name,
  summary,
  expected,
});

function ordersFor(bank: Bank, operation: string | null): FaultOrders {
  if (operation === null || !isVenezuelan(operation)) return bank.faults;
  if (bank.venezuela === null) throw new Error('the second bank is not running');
  return bank.venezuela.faults;
}

/** Whether a request may use the admin API: from this machine, and not from a page in a browser. */
export function isAdmin(request: IncomingMessage): boolean {
  const from = request.socket.remoteAddress ?? '';
  const loopback = from === '::1' || from.startsWith('127.') || from.startsWith('::ffff:127.');
  // A browser cannot send this header to another origin without asking first, and is never answered.
  return loopback && request.headers['x-sandbox-admin'] === '1';
}

/** Answers a call of the admin API; what is wrong with the input is said in the answer. */
export function answerAdmin(bank: Bank, method: string, path: string, body: string): Answer {
  const route = ROUTES[`${method} ${path}`];
  if (route === undefined) return json(404, { error: `no such admin call: ${method} ${path}` });
  try {
    return json(200, route(bank, body));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error);
    return json(400, { error: message });
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
