import { generateKeyPairSync, sign } from 'node:crypto';

/** As a TLS server takes them. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Tags of DER. */
const [INTEGER, BITS, OID, TEXT, TIME, SEQUENCE, SET] = [0x02, 0x03, 0x06, 0x0c, 0x17, 0x30, 0x31];
const ECDSA_WITH_SHA256 = tagged(SEQUENCE, tagged(OID, Buffer.from('2a8648ce3d040302', 'hex')));
const COMMON_NAME = tagged(OID, Buffer.from('550403', 'hex'));

/** A certificate that nobody but itself vouches for, good for a day: enough for a client that is told not to verify. */
export function selfSigned(name: string, now: Date): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const named = tagged(SEQUENCE, tagged(SET, tagged(SEQUENCE, COMMON_NAME, tagged(TEXT, Buffer.from(name)))));
  const validity = tagged(SEQUENCE, timeAt(now, -1), timeAt(now, 1));
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const serial = tagged(INTEGER, Buffer.of(1));
  const body = tagged(SEQUENCE, serial, ECDSA_WITH_SHA256, named, validity, named, keyInfo);
  const signature = tagged(BITS, Buffer.of(0), sign('sha256', body, privateKey));
  const certificate = tagged(SEQUENCE, body, ECDSA_WITH_SHA256, signature);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

/** As short as can be, which DER demands; nothing here is longer than two bytes tell. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function timeAt(now: Date, days: number): Buffer {
  const at = new Date(now.getTime() + days * 86_400_000).toISOString();
  return tagged(TIME, Buffer.from(`${at.slice(2, 19).replaceAll(/[-T:]/g, '')}Z`));
}
