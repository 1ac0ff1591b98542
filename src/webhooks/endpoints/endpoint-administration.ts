import { Injectable } from '@nestjs/common';
import {
  SecurityActs,
  type ActContext,
  type SecurityAct,
} from '../../access/acts/security-acts.port.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { MOST_ENDPOINTS } from '../webhook.rejections.js';
import { WebhooksConfig } from '../webhooks.config.js';
import { addressFault } from './endpoint-address.js';
import { EndpointSecrets } from './endpoint-secrets.store.js';
import { EndpointStore, type EndpointChanges, type Scope } from './webhook-endpoint.store.js';
import type { WebhookEndpointRow } from './webhook-endpoint.table.js';

export interface EndpointWishes {
  readonly endpointId: string;
  readonly merchantId: string;
  readonly mode: 'live' | 'test';
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly string[] | null;
  readonly keyPair: boolean;
}

/** An endpoint that was made, or had been made by the same request; the secret is shown only the first time. */
export interface MadeEndpoint {
  readonly row: WebhookEndpointRow;
  readonly secret: string | null;
}

/** What is done to endpoints; each change is told in the audit, in its own transaction. */
@Injectable()
export class EndpointAdministration {
  constructor(
    readonly store: EndpointStore,
    readonly secrets: EndpointSecrets,
    private readonly acts: SecurityActs,
    private readonly config: WebhooksConfig,
  ) {}

  /** @throws RuleViolation `endpoint_address_refused`, `unknown_merchant`, `too_many_endpoints` */
  create(wishes: EndpointWishes, acting: ActContext): Promise<MadeEndpoint> {
    const { endpointId, merchantId, mode, url } = wishes;
    this.mustBeReachable(url);
    return this.store.inTransaction(async (tx) => {
      if (!(await this.store.holdMerchant(tx, merchantId))) {
        throw new RuleViolation(reject('unknown_merchant'));
      }
      const known = await this.store.hold(tx, { merchantId, mode }, endpointId);
      if (known !== null) return { row: known, secret: null };
      const others = await this.store.listening(tx, { merchantId, mode });
      if (others.length >= MOST_ENDPOINTS) throw new RuleViolation(reject('too_many_endpoints'));
      await this.store.add(tx, {
        endpoint_id: endpointId,
        merchant_id: merchantId,
        mode,
        url,
        description: wishes.description,
        event_types: wishes.eventTypes,
        created_by: acting.actor,
      });
      const { keyPair } = wishes;
      const secret = await this.secrets.make(tx, { endpointId, secretId: endpointId, keyPair });
      const particulars = { host: new URL(url).host, mode };
      await this.record({ endpointId, merchantId }, 'created', { tx, acting, particulars });
      return { row: await this.held(tx, null, endpointId), secret };
    });
  }

  /** @throws RuleViolation `not_found`, `version_changed`, `endpoint_address_refused` */
  change(
    scope: Scope,
    fields: { endpointId: string; version: number; changes: EndpointChanges },
    acting: ActContext,
  ): Promise<WebhookEndpointRow> {
    const { endpointId, version, changes } = fields;
    if (changes.url !== undefined) this.mustBeReachable(changes.url);
    return this.store.inTransaction(async (tx) => {
      const before = await this.held(tx, scope, endpointId);
      if (before.version !== version) {
        throw new RuleViolation(reject('version_changed', { version: before.version }));
      }
      const after = await this.store.change(tx, endpointId, changes);
      const particulars = {
        'host.before': new URL(before.url).host,
        'host.after': new URL(after.url).host,
        'state.before': before.state,
        'state.after': after.state,
      };
      const of = { endpointId, merchantId: before.merchant_id };
      await this.record(of, 'changed', { tx, acting, particulars });
      return after;
    });
  }

  /** With everything that was on its way to it. @throws RuleViolation `not_found` */
  delete(scope: Scope, endpointId: string, acting: ActContext): Promise<void> {
    return this.store.inTransaction(async (tx) => {
      const { merchant_id: merchantId, url } = await this.held(tx, scope, endpointId);
      await this.store.remove(tx, endpointId);
      const particulars = { host: new URL(url).host };
      await this.record({ endpointId, merchantId }, 'deleted', { tx, acting, particulars });
    });
  }

  /** The secret before signs too for the overlap. @throws RuleViolation `not_found` */
  rotate(
    scope: Scope,
    fields: { endpointId: string; secretId: string; overlapSeconds: number },
    acting: ActContext,
  ): Promise<MadeEndpoint> {
    const { endpointId, secretId, overlapSeconds } = fields;
    return this.store.inTransaction(async (tx) => {
      const row = await this.held(tx, scope, endpointId);
      if (await this.secrets.isKnown(tx, secretId)) return { row, secret: null };
      const { hasKeyPair: keyPair } = await this.secrets.retire(tx, endpointId, overlapSeconds);
      const secret = await this.secrets.make(tx, { endpointId, secretId, keyPair });
      const of = { endpointId, merchantId: row.merchant_id };
      await this.record(of, 'secret_rotated', { tx, acting, particulars: { overlapSeconds } });
      return { row, secret };
    });
  }

  private mustBeReachable(url: string): void {
    const fault = addressFault(url, this.config.privateNetwork);
    if (fault !== null) throw new RuleViolation(reject('endpoint_address_refused', { fault }));
  }

  private async held(
    tx: DatabaseTransaction,
    scope: Scope,
    endpointId: string,
  ): Promise<WebhookEndpointRow> {
    const row = await this.store.hold(tx, scope, endpointId);
    if (row === null) throw new RuleViolation(reject('not_found'));
    return row;
  }

  private record(
    { endpointId, merchantId }: { readonly endpointId: string; readonly merchantId: string },
    what: 'created' | 'changed' | 'deleted' | 'secret_rotated',
    {
      tx,
      acting,
      particulars,
    }: Pick<SecurityAct, 'particulars'> & {
      readonly tx: DatabaseTransaction;
      readonly acting: ActContext;
    },
  ): Promise<void> {
    const act = `webhook_endpoint.${what}` as const;
    const subject = `webhook_endpoint:${endpointId}`;
    return this.acts.record(
      { act, subject, merchantId, ...(particulars === undefined ? {} : { particulars }) },
      acting,
      tx,
    );
  }
}
