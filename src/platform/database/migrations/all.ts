import type { Kysely } from 'kysely';
import * as platform from './0001-platform.js';
import * as merchantsAndKeys from './0002-merchants-and-keys.js';
import * as bankGateway from './0003-bank-gateway.js';
import * as transactionView from './0004-transaction-view.js';
import * as finance from './0005-finance.js';
import * as verification from './0006-verification.js';
import * as gatewayGroundAndActs from './0007-gateway-ground-and-acts.js';
import * as sweeps from './0008-sweeps.js';
import * as rawAnswers from './0009-raw-answers.js';
import * as logAnchors from './0010-log-anchors.js';
import * as readModelGenerations from './0015-read-model-generations.js';
import * as hurriedClaims from './0020-hurried-claims.js';
import * as bankCredentials from './0021-bank-credentials.js';
import * as keysActsAndAudit from './0025-keys-acts-and-audit.js';
import * as usersAndSessions from './0026-users-and-sessions.js';
import * as requestCounts from './0027-request-counts.js';
import * as patientClaims from './0045-patient-claims.js';
import * as pagoMovilAccounts from './0050-pago-movil-accounts.js';
import * as gatewayActsTold from './0055-gateway-acts-told.js';
import * as recoveryCodes from './0056-recovery-codes.js';
import * as idempotencyRecords from './0060-idempotency-records.js';
import * as jobRuns from './0065-job-runs.js';
import * as webhooks from './0070-webhooks.js';
import * as mails from './0085-mails.js';
import * as bankCredentialTrials from './0090-bank-credential-trials.js';
import * as firstAsksOfSpeakers from './0095-first-asks-of-speakers.js';
import * as temporaryPasswordsEnd from './0100-temporary-passwords-end.js';
import * as createdBankCredentials from './0105-created-bank-credentials.js';
import * as changingAccounts from './0106-changing-accounts.js';
import * as keptMails from './0107-kept-mails.js';
import * as movements from './0130-movements.js';
import * as totalsByPosition from './0131-totals-by-position.js';
import * as withdrawnClaims from './0132-withdrawn-claims.js';
import * as transactionStates from './0135-transaction-states.js';
import * as dayCloses from './0136-day-closes.js';
import * as openCircuitsOfSpeakers from './0140-open-circuits-of-speakers.js';

/** One step of the schema. `down` exists for development; production goes forward only. */
export interface SchemaMigration {
  readonly up: (db: Kysely<unknown>) => Promise<void>;
  readonly down: (db: Kysely<unknown>) => Promise<void>;
}

/** Every migration in order, by name; the names are stored and are for ever. */
export const migrations: Readonly<Record<string, SchemaMigration>> = {
  '0001-platform': platform,
  '0002-merchants-and-keys': merchantsAndKeys,
  '0003-bank-gateway': bankGateway,
  '0004-transaction-view': transactionView,
  '0005-finance': finance,
  '0006-verification': verification,
  '0007-gateway-ground-and-acts': gatewayGroundAndActs,
  '0008-sweeps': sweeps,
  '0009-raw-answers': rawAnswers,
  '0010-log-anchors': logAnchors,
  '0015-read-model-generations': readModelGenerations,
  '0020-hurried-claims': hurriedClaims,
  '0021-bank-credentials': bankCredentials,
  '0025-keys-acts-and-audit': keysActsAndAudit,
  '0026-users-and-sessions': usersAndSessions,
  '0027-request-counts': requestCounts,
  '0045-patient-claims': patientClaims,
  '0050-pago-movil-accounts': pagoMovilAccounts,
  '0055-gateway-acts-told': gatewayActsTold,
  '0056-recovery-codes': recoveryCodes,
  '0060-idempotency-records': idempotencyRecords,
  '0065-job-runs': jobRuns,
  '0070-webhooks': webhooks,
  '0085-mails': mails,
  '0090-bank-credential-trials': bankCredentialTrials,
  '0095-first-asks-of-speakers': firstAsksOfSpeakers,
  '0100-temporary-passwords-end': temporaryPasswordsEnd,
  '0105-created-bank-credentials': createdBankCredentials,
  '0106-changing-accounts': changingAccounts,
  '0107-kept-mails': keptMails,
  '0130-movements': movements,
  '0131-totals-by-position': totalsByPosition,
  '0132-withdrawn-claims': withdrawnClaims,
  '0135-transaction-states': transactionStates,
  '0136-day-closes': dayCloses,
  '0140-open-circuits-of-speakers': openCircuitsOfSpeakers,
};
