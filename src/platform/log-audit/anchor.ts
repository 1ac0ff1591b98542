import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import { atPosition, type Finding } from './finding.js';
import type { LogMark } from './log-digest.js';

/** A signed statement: up to here the log held so many events, and they were these. */
export interface Anchor extends LogMark {
  readonly signedAt: Date;
  /** Ed25519 over `statementOf`, base64url. */
  readonly signature: string;
}

/** Signs and checks anchors. */
export interface AnchorKey {
  readonly privateKey: KeyObject;
  /** Raw, base64url: what whoever keeps anchors elsewhere needs to check them. */
  readonly publicKey: string;
}

// RFC 8410: what precedes the 32 bytes of an Ed25519 private key in PKCS #8.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that signs anchors, derived, so that nobody has to keep one more secret. */
export function anchorKeyFrom(secret: Buffer): AnchorKey {
  const seed = createHmac('sha256', secret).update('anchors of the log').digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicKey: x };
}

const statementOf = ({ at, events, digest }: LogMark, signedAt: Date): Buffer =>
  Buffer.from(
    ['log-anchor.v1', at.position, at.preparePosition, events, digest, signedAt.toISOString()].join(
      '\n',
    ),
  );

export const signAnchor = (mark: LogMark, signedAt: Date, { privateKey }: AnchorKey): Anchor => ({
  ...mark,
  signedAt,
  signature: sign(null, statementOf(mark, signedAt), privateKey).toString('base64url'),
});

export const isSigned = (anchor: Anchor, { privateKey }: AnchorKey): boolean =>
  verify(
    null,
    statementOf(anchor, anchor.signedAt),
    createPublicKey(privateKey),
    Buffer.from(anchor.signature, 'base64url'),
  );

/** How far a walk has come. */
export interface Reached {
  /** The last event before or at the anchor's position; null when there is none. */
  readonly mark: LogMark | null;
  /** True when nothing follows. */
  readonly ended: boolean;
}

/** What an anchor says against the log, when the walk has come to its position or to the log's end. */
export function judgeAnchor(
  anchor: Anchor,
  { mark: reached, ended }: Reached,
  key: AnchorKey,
): Finding | null {
  const { position } = anchor.at;
  const of = `the anchor of ${anchor.signedAt.toISOString()}`;
  if (!isSigned(anchor, key)) {
    return atPosition('anchor_forged', position, `${of} is not signed with the key of this log`);
  }
  if (reached?.digest === anchor.digest && reached.events === anchor.events) return null;
  const counted = `${of} counts ${anchor.events} events up to position ${position}`;
  if (reached === null) return atPosition('tail_missing', null, `${counted}; the log is empty`);
  return ended && reached.at.position < position
    ? atPosition(
        'tail_missing',
        reached.at.position,
        `${counted}; the log holds ${reached.events} and ends at ${reached.at.position}`,
      )
    : atPosition(
        'anchor_differs',
        position,
        `${counted} with another digest; ${reached.events} are there now`,
      );
}

/** One line of JSON, for keeping an anchor where nobody who can write the log can write. */
export const anchorLine = ({ at, events, digest, signedAt, signature }: Anchor): string =>
  JSON.stringify({
    type: 'log-anchor.v1',
    position: at.position.toString(),
    prepare_position: at.preparePosition.toString(),
    events: events.toString(),
    digest,
    signed_at: signedAt.toISOString(),
    signature,
  });

const anchorText = z.object({
  type: z.literal('log-anchor.v1'),
  position: z.string().regex(/^\d{1,19}$/),
  prepare_position: z.string().regex(/^\d{1,19}$/),
  events: z.string().regex(/^\d{1,19}$/),
  digest: z.string(),
  signed_at: z.iso.datetime(),
  signature: z.string(),
});

/** Reads back what `anchorLine` wrote. @throws ZodError for anything else */
export function readAnchorLine(line: string): Anchor {
  const { position, prepare_position, events, ...rest } = anchorText.parse(JSON.parse(line));
  return {
    at: { position: BigInt(position), preparePosition: BigInt(prepare_position) },
    events: BigInt(events),
    digest: rest.digest,
    signedAt: new Date(rest.signed_at),
    signature: rest.signature,
  };
}
