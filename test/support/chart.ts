import { CLUSTER_RULES, leaseRules } from '../../tools/generate-rbac.ts';

const RBAC = 'rbac.authorization.k8s.io';
const LEASE = 'ecs-operator';

/**
 * A service account with the rights that the chart gives by default, for an operator that runs as a process. That Helm
 * renders the same rules is a test of the chart.
 */
export function operatorRights(account: { readonly name: string; readonly namespace: string }): object {
  const { name, namespace } = account;
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  const role = (kind: string): object => ({ apiGroup: RBAC, kind, name });
  const items = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules: CLUSTER_RULES },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: role('ClusterRole'),
      subjects,
    },
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name, namespace }, rules: leaseRules(LEASE) },
    { apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: account, roleRef: role('Role'), subjects },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}
