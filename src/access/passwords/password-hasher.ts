import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

// OWASP's cheat sheet names these for argon2id (the library's default variant); a hash takes tens of milliseconds.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
// Each holds 19 MiB and a thread; the others wait, and a flood of sign-ins leaves the rest of the process alive.
const AT_ONCE = 2;

/** Argon2id: slow on purpose, since people choose passwords that can be guessed. */
@Injectable()
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private nobodys: Promise<string> | null = null;

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normal(password), COST));
  }

  /** Whether the password is the one behind the hash. Without a hash it takes as long and is never true. */
  async matches(password: string, known: string | null): Promise<boolean> {
    if (known !== null) return this.inTurn(() => verify(known, normal(password)));
    this.nobodys ??= this.hash('nobody has this password');
    const nobodys = await this.nobodys;
    await this.inTurn(() => verify(nobodys, normal(password)));
    return false;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await new Promise<void>((go) => this.waiting.push(go));
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

// The same keys pressed on two machines may give two sequences of code points (NIST SP 800-63B, 5.1.1.2).
const normal = (password: string): string => password.normalize('NFKC');
