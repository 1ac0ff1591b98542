import type { Provider } from '@nestjs/common';
import { CallerIdentification, KeyOrToken } from './caller-identification.js';
import { OneTimeCodes } from './auth/one-time-codes.js';
import { OwnAccount } from './auth/own-account.js';
import { SignInFailureStore } from './auth/sign-in-failures.store.js';
import { SecondFactor } from './auth/second-factor.js';
import { Proofs, SignIn, Watch } from './auth/sign-in.js';
import { TotpDemand } from './auth/totp-demand.js';
import { BreachedPasswords } from './passwords/breached-passwords.js';
import { WidelyUsedPasswords } from './passwords/widely-used-passwords.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { SessionCensusWorker } from './sessions/session-census.worker.js';
import { SessionCleanupJob } from './sessions/session-cleanup.job.js';
import { SessionAuthentication, SessionSources } from './sessions/session-authentication.js';
import { KeyRotation } from './sessions/key-rotation.js';
import { SessionStore } from './sessions/session.store.js';
import { Nature, Sessions } from './sessions/sessions.js';
import { SigningKeys } from './sessions/signing-keys.js';
import { SigningKeyStore } from './sessions/signing-keys.store.js';
import { KnownPasswords, NewPasswords } from './users/new-passwords.js';
import { Keeping, UserAdministration } from './users/user-administration.js';
import { UserStore } from './users/user.store.js';

/** Everything that people who sign in need. */
export const peopleProviders: Provider[] = [
  AccessTokens,
  BreachedPasswords,
  { provide: CallerIdentification, useClass: KeyOrToken },
  WidelyUsedPasswords,
  Keeping,
  KeyRotation,
  KnownPasswords,
  Nature,
  NewPasswords,
  OneTimeCodes,
  OwnAccount,
  PasswordHasher,
  Proofs,
  SecondFactor,
  SessionAuthentication,
  SessionCensusWorker,
  SessionCleanupJob,
  SessionSources,
  SessionStore,
  Sessions,
  SignIn,
  SignInFailureStore,
  SigningKeyStore,
  SigningKeys,
  TotpDemand,
  UserAdministration,
  UserStore,
  Watch,
];
