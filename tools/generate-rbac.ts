import { stringify } from 'yaml';
import { DEFINITIONS } from '../src/kinds/index.ts';

const HEADER = '# Made from the registry of kinds by `make generate`: what the operator does, and nothing else.\n';
const NAME = '{{ .Release.Name }}';
const NAMESPACE = '{{ .Release.Namespace }}';
const RBAC = 'rbac.authorization.k8s.io';

/** The chart's service account with its rights: the objects of all namespaces, and one Lease of its own. */
export function generateRbac(): ReadonlyMap<string, string> {
  const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }];
  const documents = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE } },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [...DEFINITIONS.flatMap(kindRules), EVENT_RULE],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: NAME },
      subjects,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: NAME, namespace: NAMESPACE },
      rules: LEASE_RULES,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: NAME, namespace: NAMESPACE },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME },
      subjects,
    },
  ];
  const text = documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join('---\n');
  return new Map([['charts/ecs-operator/templates/rbac.yaml', HEADER + text]]);
}

/** `patch` on the object itself is for the finalizer; on status, for the truth. Spec is never written. */
function kindRules({ group, plural }: { readonly group: string; readonly plural: string }): readonly object[] {
  return [
    { apiGroups: [group], resources: [plural], verbs: ['get', 'list', 'watch', 'patch'] },
    { apiGroups: [group], resources: [`${plural}/status`], verbs: ['patch'] },
  ];
}

/** `list` is for what was told before a restart. */
const EVENT_RULE = { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'list', 'patch'] };

/** A name cannot be told apart at creation, so only reading and renewing are held to ours. */
const LEASE_RULES = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ['ecs-operator'],
    verbs: ['get', 'update'],
  },
];
