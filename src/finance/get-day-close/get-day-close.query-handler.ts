import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import {
  MerchantDirectory,
  type ReceivingAccount,
} from '../../merchants/merchant-directory.port.js';
import { CommandRunner } from '../../platform/event-store/command-runner.js';
import { ProblemError } from '../../platform/http/problem.js';
import { DayFiguresReader } from '../close-day/day-figures.store.js';
import { closeStream, dayCloseAggregate, versionOf, type DayCloses } from '../domain/day-close.js';
import { merchantOf } from '../merchant-of.js';
import { GetDayCloses, GetDayStanding, type Standing } from './get-day-close.query.js';

/** The account, where its figures are the caller's to see. @throws ProblemError */
async function accountFor(
  merchants: MerchantDirectory,
  receivingAccountId: string,
  caller: CallerIdentity,
): Promise<ReceivingAccount> {
  const account = await merchants.receivingAccount(receivingAccountId);
  if (account === null) throw new ProblemError('not_found');
  merchantOf(account.merchantId, caller);
  return account;
}

const closesOf = async (
  runner: CommandRunner,
  receivingAccountId: string,
  day: string,
): Promise<DayCloses> => {
  const { state } = await runner.load(closeStream(receivingAccountId, day), dayCloseAggregate);
  return state;
};

@QueryHandler(GetDayCloses)
export class GetDayClosesHandler implements IQueryHandler<GetDayCloses> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly merchants: MerchantDirectory,
  ) {}

  async execute({ receivingAccountId, day, caller }: GetDayCloses): Promise<DayCloses> {
    await accountFor(this.merchants, receivingAccountId, caller);
    return closesOf(this.runner, receivingAccountId, day);
  }
}

@QueryHandler(GetDayStanding)
export class GetDayStandingHandler implements IQueryHandler<GetDayStanding> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly merchants: MerchantDirectory,
    private readonly figures: DayFiguresReader,
  ) {}

  async execute({ receivingAccountId, day, caller }: GetDayStanding): Promise<Standing> {
    const account = await accountFor(this.merchants, receivingAccountId, caller);
    const closes = await closesOf(this.runner, receivingAccountId, day);
    const now = await this.figures.read(account, day);
    return { version: versionOf(closes), close: closes.closes.at(-1) ?? null, now };
  }
}
