import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlaneLayout } from './control-plane-flags.ts';
import { writeKubeconfig } from './control-plane-kubeconfig.ts';

/** Files and secrets that one control plane is started with. All of them die with its data folder. */
export interface Credentials {
  readonly adminToken: string;
  readonly controllersToken: string;
  readonly tokenFile: string;
  readonly signingKeyFile: string;
  readonly verifyingKeyFile: string;
  /** kube-apiserver writes its self-signed serving certificate here, and finds it again when it is restarted. */
  readonly certificateFolder: string;
  readonly certificateFile: string;
}

/** Both are in system:masters, so that RBAC lets everything pass. */
const [ADMIN, CONTROLLERS] = ['admin', 'system:kube-controller-manager'];

export async function writeCredentials(folder: string): Promise<Credentials> {
  const credentials: Credentials = {
    adminToken: randomBytes(24).toString('base64url'),
    controllersToken: randomBytes(24).toString('base64url'),
    tokenFile: join(folder, 'tokens.csv'),
    signingKeyFile: join(folder, 'service-account.key'),
    verifyingKeyFile: join(folder, 'service-account.pub'),
    certificateFolder: join(folder, 'certificates'),
    certificateFile: join(folder, 'certificates', 'apiserver.crt'),
  };
  const keys = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const holders = [
    [credentials.adminToken, ADMIN],
    [credentials.controllersToken, CONTROLLERS],
  ];
  const tokens = holders.map(([token, user]) => `${token},${user},${user},"system:masters"\n`).join('');
  await Promise.all([
    writeFile(credentials.tokenFile, tokens, { mode: 0o600 }),
    writeFile(credentials.signingKeyFile, keys.privateKey, { mode: 0o600 }),
    writeFile(credentials.verifyingKeyFile, keys.publicKey),
  ]);
  return credentials;
}

/** The certificate that kube-apiserver signed for itself is also the authority that a client has to trust. */
export async function writeKubeconfigs(layout: ControlPlaneLayout, url: string): Promise<void> {
  const { adminToken, controllersToken, certificateFile } = layout.credentials;
  const authority = await readFile(certificateFile);
  const cluster = { server: url, 'certificate-authority-data': authority.toString('base64') };
  const at = { cluster, namespace: 'default' };
  await writeKubeconfig(layout.kubeconfigPath, { ...at, user: ADMIN, token: adminToken });
  await writeKubeconfig(layout.controllersKubeconfigPath, { ...at, user: CONTROLLERS, token: controllersToken });
}
