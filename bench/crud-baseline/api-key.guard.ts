import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { matchesHash, parseApiKey } from '../../src/access/api-keys/api-key.js';
import { ClaimsStore } from './claims.store.js';

// As long as the service itself trusts its memory of a key.
const FRESH_FOR_MS = 1_000;

interface KnownKey {
  readonly merchantId: string;
  readonly hash: Buffer;
  readonly until: number;
}

/** The same check of the same keys as the service makes. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly known = new Map<string, KnownKey>();

  constructor(private readonly store: ClaimsStore) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context
      .switchToHttp()
      .getRequest<{ headers: { authorization?: string }; merchantId: string }>();
    const text = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const parsed = parseApiKey(text);
    const key = parsed === null ? null : await this.find(parsed.prefix);
    if (key === null || !matchesHash(text, key.hash)) throw new UnauthorizedException();
    request.merchantId = key.merchantId;
    return true;
  }

  private async find(prefix: string): Promise<KnownKey | null> {
    const known = this.known.get(prefix);
    if (known !== undefined && known.until > performance.now()) return known;
    const row = await this.store.apiKey(prefix);
    if (row === null) return null;
    const key = {
      merchantId: row.merchant_id,
      hash: row.secret_hash,
      until: performance.now() + FRESH_FOR_MS,
    };
    this.known.set(prefix, key);
    return key;
  }
}
