// Certificates made on the spot, so that no key lies in the repository. Just enough of X.509 (RFC 5280) in DER.
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

const SEQUENCE = 0x30;
const EC_WITH_SHA256 = '1.2.840.10045.4.3.2';

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  const length =
    size < 0x80
      ? Buffer.of(size)
      : size < 0x100
        ? Buffer.of(0x81, size)
        : Buffer.of(0x82, size >> 8, size & 0xff);
  return Buffer.concat([Buffer.of(tag), length, body]);
}

const sequence = (...content: readonly Buffer[]) => der(SEQUENCE, ...content);
const integer = (value: number) => der(0x02, Buffer.of(value));
const octets = (content: Buffer) => der(0x04, content);
const bits = (content: Buffer) => der(0x03, Buffer.of(0), content);
const truth = der(0x01, Buffer.of(0xff));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] =>
    value < 0x80 ? [value] : [...base128(value >> 7).map((byte) => byte | 0x80), value & 0x7f];
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

const name = (common: string) =>
  sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(common)))));
const time = (at: Date) =>
  der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
const extension = (id: string, value: Buffer) => sequence(oid(id), truth, octets(value));

const IS_AUTHORITY = extension('2.5.29.19', sequence(truth));
const AT_LOOPBACK = extension('2.5.29.17', sequence(der(0x87, Buffer.of(127, 0, 0, 1))));

interface Issue {
  readonly subject: string;
  readonly issuer: string;
  readonly signWith: KeyObject;
  readonly publicKey: KeyObject;
  readonly extension: Buffer;
  readonly serial: number;
}

function certificate(issue: Issue): string {
  const hour = 3_600_000;
  const content = sequence(
    der(0xa0, integer(2)),
    integer(issue.serial),
    sequence(oid(EC_WITH_SHA256)),
    name(issue.issuer),
    sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + hour))),
    name(issue.subject),
    issue.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(issue.extension)),
  );
  const signature = sign('sha256', content, issue.signWith);
  const whole = sequence(content, sequence(oid(EC_WITH_SHA256)), bits(signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

/** An authority of its own: its certificate, and what it vouches for. */
export class TestAuthority {
  readonly certificate: string;
  private readonly privateKey: string;
  private issued = 1;

  constructor(private readonly called: string) {
    const { publicKey, privateKey } = newKey();
    this.privateKey = pemOf(privateKey);
    this.certificate = certificate({
      subject: called,
      issuer: called,
      signWith: privateKey,
      publicKey,
      extension: IS_AUTHORITY,
      serial: this.issued,
    });
  }

  /** An identity for 127.0.0.1, good for an hour, as server or as client. */
  issue(subject: string): Identity {
    const { publicKey, privateKey } = newKey();
    this.issued += 1;
    const signed = certificate({
      subject,
      issuer: this.called,
      signWith: createPrivateKey(this.privateKey),
      publicKey,
      extension: AT_LOOPBACK,
      serial: this.issued,
    });
    return { certificate: signed, privateKey: pemOf(privateKey) };
  }
}
