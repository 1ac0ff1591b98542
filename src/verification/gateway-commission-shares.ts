import { Injectable } from '@nestjs/common';
import { BankGateway } from '../bank-gateway/bank-gateway.port.js';
import { CommissionShares, type CommissionShare } from './commission-shares.port.js';

/** The shares that the gateway's banks are configured with. */
@Injectable()
export class GatewayCommissionShares extends CommissionShares {
  constructor(private readonly gateway: BankGateway) {
    super();
  }

  all(): readonly CommissionShare[] {
    const banks = new Set(this.gateway.credentials().map(({ bank }) => bank));
    return [...banks]
      .filter((bank) => this.gateway.serves(bank))
      .map((bank) => ({
        bank,
        basisPoints: this.gateway.capabilities(bank).commissionBasisPoints,
      }));
  }
}
