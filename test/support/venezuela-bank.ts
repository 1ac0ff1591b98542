import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export const VENEZUELA_KEY = 'made-up-key-of-the-bank';
const PAGE = 100;

/** A payment in the books, in the bank's own spelling. */
export interface BookedPayment {
  readonly account: string;
  readonly reference: string;
  readonly on: string;
  /** `120.00`. */
  readonly amount: string;
  readonly mov: 'CREDITO' | 'DEBITO';
  readonly payerPhone: string;
}

type Body = Readonly<Record<string, string>>;

/**
 * Banco de Venezuela as its manuals describe it (API Conciliación of 17/11/2025, API Consulta de Movimiento of
 * 12/03/2025): one address looks a payment up and marks it, another pages through the statement.
 */
export class VenezuelaBank {
  readonly arrived: Record<string, number> = {};
  readonly bodies: Body[] = [];
  private readonly payments: BookedPayment[] = [];
  private readonly reconciled = new Set<BookedPayment>();
  private nextAnswer: string | null = null;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<VenezuelaBank> {
    const server = createServer();
    const bank = new VenezuelaBank(server);
    server.on('request', (request, response) => void bank.serve(request, response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return bank;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  book(payment: BookedPayment): void {
    this.payments.push(payment);
  }

  /** What the next call is answered, whatever it asks. */
  answerNext(body: string): void {
    this.nextAnswer = body;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = request.url === '/getMovement' ? 'look_up' : 'statement';
    this.arrived[operation] = (this.arrived[operation] ?? 0) + 1;
    const body = (await json(request)) as Body;
    this.bodies.push(body);
    const isKnown = request.headers['x-api-key'] === VENEZUELA_KEY;
    const regular = operation === 'look_up' ? this.lookUp(body) : this.statement(body);
    const answer = isKnown ? regular : notDone('Cliente no afiliado al producto');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(this.nextAnswer ?? JSON.stringify(answer));
    this.nextAnswer = null;
  }

  private lookUp(asked: Body): object {
    const payment = this.payments.find(
      ({ reference, on, payerPhone }) =>
        reference === asked['referencia'] &&
        on === asked['fechaPago'] &&
        payerPhone === asked['telefonoPagador'],
    );
    if (payment === undefined) {
      return notDone('No se pudo validar el movimiento : Registro solicitado no existe');
    }
    if (this.reconciled.has(payment)) {
      return notDone(
        'Pago Móvil procesado exitosamente en el BDV. El movimiento ya fue conciliado anteriormente.',
      );
    }
    const { amount, reference } = payment;
    if (amount !== asked['importe']) {
      return notDone(`monto : ${amount} - estatus : Transacción realizada`);
    }
    this.reconciled.add(payment);
    const data = { status: '1000', amount, reason: 'Transacción realizada', referencia: reference };
    const message = `Monto: ${amount} - estatus: Transacción realizada`;
    return { code: 1000, message, data, status: 200 };
  }

  private statement({ cuenta, fechaIni = '', fechaFin = '', nroMovimiento }: Body): object {
    const iso = (slashed: string) => slashed.split('/').reverse().join('-');
    const rows = this.payments
      .map((payment, at) => ({ payment, nroMov: String(at + 1) }))
      .filter(({ payment: { account, on } }) => {
        return account === cuenta && on >= iso(fechaIni) && on <= iso(fechaFin);
      });
    const from = rows.findIndex(({ nroMov }) => nroMov === nroMovimiento) + 1;
    const movs = rows.slice(from, from + PAGE).map(({ payment, nroMov }) => ({
      referencia: `03033${payment.reference.padStart(8, '0')}`,
      descripcion: 'OPERACION PUNTOYA OTROS BANCOS   ',
      fecha: payment.on,
      hora: '1032',
      mov: payment.mov,
      saldo: '217.947.806,02',
      importe: spelt(payment),
      nroMov,
      observacion: `PAGOMOVIL OTROS BANCOS 0134 ${payment.payerPhone}`,
    }));
    return {
      code: '1000',
      message: '',
      data: { totalOfMovements: movs.length, movs },
      status: 200,
    };
  }
}

const notDone = (message: string) => ({ code: 1010, message, data: null, status: 200 });

/** `1825.00` as the statement writes it: `1.825,00`, debits with their sign. */
function spelt({ amount, mov }: BookedPayment): string {
  const [whole = '', cents = ''] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return `${mov === 'DEBITO' ? '-' : ''}${grouped},${cents}`;
}
