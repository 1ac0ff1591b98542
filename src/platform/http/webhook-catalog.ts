import { Injectable } from '@nestjs/common';

/** A message that the service sends by itself, as the document of the API names it. */
export interface DescribedWebhook {
  /** The message's type. */
  readonly name: string;
  readonly summary: string;
  /** The component that describes its body. */
  readonly component: string;
}

/** Every message that is sent; contexts register theirs in a constructor, since the document starts nothing. */
@Injectable()
export class WebhookCatalog {
  private readonly webhooks: DescribedWebhook[] = [];

  register(webhooks: readonly DescribedWebhook[]): void {
    this.webhooks.push(...webhooks);
  }

  all(): readonly DescribedWebhook[] {
    return this.webhooks;
  }
}
