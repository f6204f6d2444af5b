import { join } from 'node:path';
import type { Credentials } from './control-plane-credentials.ts';

/** What the flags of all three programs are made from. */
export interface ControlPlaneLayout {
  readonly folder: string;
  /** Of the admin. */
  readonly kubeconfigPath: string;
  /** Of the controllers, so that what they write can be told from what the admin writes. */
  readonly controllersKubeconfigPath: string;
  readonly auditPolicyPath: string;
  readonly auditLogPath: string;
  readonly credentials: Credentials;
  readonly etcdPort: number;
  readonly apiServerPort: number;
}

/** The issuer is a name, not an address that anybody asks: the API server verifies its own tokens. */
const ISSUER = 'https://kubernetes.default.svc';

/** The controllers that objects of ours can meet. All others about pods, nodes and volumes stay off: there are none. */
const CONTROLLERS = [
  'clusterrole-aggregation-controller',
  'garbage-collector-controller',
  'horizontal-pod-autoscaler-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
];

/** No fsync: the data need not outlive the machine, and a disk that others use as well would set the pace. */
export function etcdFlags(layout: ControlPlaneLayout): readonly string[] {
  const url = `http://127.0.0.1:${layout.etcdPort}`;
  return [
    `--data-dir=${join(layout.folder, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

export function apiServerFlags(layout: ControlPlaneLayout): readonly string[] {
  const { credentials } = layout;
  return [
    `--etcd-servers=http://127.0.0.1:${layout.etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${layout.apiServerPort}`,
    `--cert-dir=${credentials.certificateFolder}`,
    `--token-auth-file=${credentials.tokenFile}`,
    '--authorization-mode=RBAC',
    `--service-account-issuer=${ISSUER}`,
    `--service-account-signing-key-file=${credentials.signingKeyFile}`,
    `--service-account-key-file=${credentials.verifyingKeyFile}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    // The kubernetes Service would point at a loopback address, which the API server itself refuses as an endpoint.
    '--endpoint-reconciler-type=none',
    `--audit-policy-file=${layout.auditPolicyPath}`,
    `--audit-log-path=${layout.auditLogPath}`,
    // Never rotated: a reader goes by one file.
    '--audit-log-maxsize=0',
    '--profiling=false',
  ];
}

export function controllerManagerFlags(layout: ControlPlaneLayout): readonly string[] {
  return [
    `--kubeconfig=${layout.controllersKubeconfigPath}`,
    `--controllers=${CONTROLLERS.join(',')}`,
    `--service-account-private-key-file=${layout.credentials.signingKeyFile}`,
    `--root-ca-file=${layout.credentials.certificateFile}`,
    // Not every 15 s: what an autoscaler does with a metric is seen at its next look.
    '--horizontal-pod-autoscaler-sync-period=1s',
    '--leader-elect=false',
    '--secure-port=0',
    '--profiling=false',
  ];
}
