import { Injectable, Logger } from '@nestjs/common';
import {
  BankGateway,
  type BankCapabilities,
  type BankCredential,
} from '../bank-gateway/bank-gateway.port.js';
import { GatewayClosures } from '../bank-gateway/permits/gateway-closures.port.js';
import { PermitLog, type Permit } from '../bank-gateway/permits/permit-log.port.js';
import { Speakers } from './speaker.store.js';

// A closed gateway needs a person; looking again is cheap.
const CLOSED_LOOK_MS = 5_000;

/** Whether a call may be sent now; otherwise how long asking again is useless. */
export type Turn =
  | { readonly outcome: 'permit'; readonly permit: Permit }
  /** Only this transaction has been asked about too often; others may go. */
  | { readonly outcome: 'wait_for_transaction'; readonly waitMs: number }
  | { readonly outcome: 'wait'; readonly waitMs: number };

/** What the contract with a bank allows. */
export interface Terms {
  readonly listing: BankCapabilities['listing'];
  readonly lookUpHasSideEffects: boolean;
  readonly msPerCall: number;
}

/** Everything that stands between a due claim and the bank: who speaks, whether the door is open, and the quota. */
@Injectable()
export class BankTurn {
  private readonly logger = new Logger('BankTurn');

  constructor(
    private readonly gateway: BankGateway,
    private readonly permits: PermitLog,
    private readonly speakers: Speakers,
    private readonly closures: GatewayClosures,
  ) {}

  credentials(): readonly BankCredential[] {
    return this.gateway.credentials();
  }

  terms({
    bank,
    credentialId,
    besideLive = false,
  }: Pick<BankCredential, 'bank' | 'credentialId' | 'besideLive'>): Terms {
    const { listing, lookUpHasSideEffects } = this.gateway.capabilities(bank);
    const contract = this.permits.contract(credentialId);
    const msPerCall = contract === null ? 0 : contract.windowMs / contract.calls;
    // Listings are what is known of an account's days; those of a sandbox would be told of the live account.
    return { listing: besideLive ? null : listing, lookUpHasSideEffects, msPerCall };
  }

  /** What decides when a claim's turn comes, whichever instance makes the calls. */
  async outlook({ bank, credentialId }: Pick<BankCredential, 'bank' | 'credentialId'>) {
    const isKnown = this.permits.contract(credentialId) !== null;
    const [word, closure, usage] = await Promise.all([
      this.speakers.word(credentialId),
      this.closures.find(credentialId),
      isKnown ? this.permits.usage(credentialId) : { coolDownMs: 0 },
    ]);
    const isServed = this.gateway.serves(bank);
    const { listing, msPerCall } = isServed
      ? this.terms(this.credential(credentialId) ?? { bank, credentialId })
      : { listing: null, msPerCall: 0 };
    return {
      ...word,
      openAfter: (from: Date, forMs: number) => this.gateway.openAfter(credentialId, from, forMs),
      isClosed: closure !== null,
      coolDownMs: usage.coolDownMs,
      isListed: listing !== null,
      msPerCall,
    };
  }

  /** Says beside it how large a share of the permits first asks take, and whether the bank can be reached. */
  speaksFor(credentialId: string, firstAskShare: number): Promise<boolean> {
    const circuitOpenMs = this.gateway.circuitOpenMs(credentialId);
    return this.speakers.tryHold(credentialId, { firstAskShare, circuitOpenMs });
  }

  /** Lets another instance speak at once. */
  async fallSilent(): Promise<void> {
    await this.speakers.release();
  }

  /** How long the gateway cannot send anything; 0 when it can. */
  async closedForMs(credentialId: string, signal: AbortSignal): Promise<number> {
    const readiness = await this.gateway.prepare(credentialId, signal);
    if (readiness.state === 'ready') return 0;
    return readiness.state === 'wait' ? Math.max(1, readiness.waitMs) : CLOSED_LOOK_MS;
  }

  /** A permit for a look-up about a transaction, or for a listing, which is about none. */
  async take({ credentialId, bank }: BankCredential, transactionId: string | null): Promise<Turn> {
    const answer = await this.permits.tryTake({
      credentialId,
      operation: transactionId === null ? 'sweep' : 'look_up',
      transactionId,
      callDeadlineMs: this.gateway.capabilities(bank).callDeadlineMs,
    });
    if (answer.outcome === 'taken') return { outcome: 'permit', permit: answer.permit };
    const { free } = await this.permits.usage(credentialId);
    return {
      outcome: free > 0 && transactionId !== null ? 'wait_for_transaction' : 'wait',
      waitMs: Math.max(1, answer.waitMs),
    };
  }

  /** Nothing was sent under it, so it counts no longer than from now; failing that, until its deadline. */
  async giveBack({ permitId }: Permit): Promise<void> {
    await this.permits.resolve(permitId).catch((error: unknown) => {
      this.logger.warn({ err: error, permitId }, 'permit not given back');
    });
  }

  private credential(credentialId: string): BankCredential | undefined {
    return this.credentials().find((known) => known.credentialId === credentialId);
  }
}
