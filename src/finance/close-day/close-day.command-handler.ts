import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assert } from '../../kernel/assert.js';
import { Clock } from '../../kernel/clock.js';
import { sha256Hex, uuidFrom } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { MerchantDirectory } from '../../merchants/merchant-directory.port.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { closeDay, type DayToClose } from '../domain/day-close.decisions.js';
import { closeStream, dayCloseAggregate } from '../domain/day-close.js';
import { mayLookAt } from '../merchant-of.js';
import { CloseDay, type ClosedDay } from './close-day.command.js';
import { DayFiguresReader } from './day-figures.store.js';

@CommandHandler(CloseDay)
export class CloseDayHandler implements ICommandHandler<CloseDay> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly merchants: MerchantDirectory,
    private readonly figures: DayFiguresReader,
    private readonly clock: Clock,
  ) {}

  async execute({ request, context }: CloseDay): Promise<ClosedDay> {
    const { caller, receivingAccountId, day, idempotencyKey, ...decision } = request;
    const account = await this.merchants.receivingAccount(receivingAccountId);
    if (account === null || !mayLookAt(account.merchantId, caller)) {
      throw new RuleViolation(reject('receiving_account_unknown'));
    }
    const read = await this.figures.read(account, day);
    const close: DayToClose = {
      receivingAccountId,
      merchantId: account.merchantId,
      bank: account.bank,
      day,
      ...read,
      closedBy: caller.actor,
      ...decision,
    };
    const commandId = uuidFrom(
      'close day',
      closeStream(receivingAccountId, day),
      caller.actor,
      idempotencyKey,
    );
    const { state, appended } = await this.runner.run({
      streamName: closeStream(receivingAccountId, day),
      aggregate: dayCloseAggregate,
      commandId,
      // What was asked for, not what was found: the figures move on between a request and its repeat.
      fingerprint: sha256Hex(JSON.stringify(decision)),
      context,
      decide: (state) => closeDay(state, close, this.clock.now()),
    });
    const closed = state.closes.at(-1);
    assert(closed !== undefined, 'a day that was closed has a close');
    return { close: closed, replayed: !appended };
  }
}
