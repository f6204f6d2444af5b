import { stringify } from 'yaml';
import { ecsAccountDefinition } from '../src/kinds/ecs-account/definition.ts';
import { DEFINITIONS } from '../src/kinds/index.ts';

/** A rule of RBAC, as a Role holds it. */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

type Definition = (typeof DEFINITIONS)[number];

/** What the operator does to objects, in the namespaces that it looks after, and nothing else. */
export const OBJECT_RULES: readonly AccessRule[] = [
  ...DEFINITIONS.flatMap(operatorRules),
  // `list` is for what was told before a restart.
  rule('events.k8s.io', ['events'], ['create', 'list', 'patch']),
];

/** What it does beside that where it looks after a whole cluster: accounts, and the labels by which they are chosen. */
export const CLUSTER_RULES: readonly AccessRule[] = [
  ...OBJECT_RULES,
  ...operatorRules(ecsAccountDefinition),
  rule('', ['namespaces'], ['list', 'watch']),
];

/** What a person who may look, or change, is given of our kinds. */
const VIEW_RULES = DEFINITIONS.map(({ group, plural }) => rule(group, [plural], ['get', 'list', 'watch']));
const EDIT_RULES = DEFINITIONS.flatMap(editRules);

/** What the operator does to its own Lease. A name cannot be told apart at creation, so only the rest is held to ours. */
export function leaseRules(leaseName: string): readonly AccessRule[] {
  const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
  return [
    { ...leases, verbs: ['create'] },
    { ...leases, resourceNames: [leaseName], verbs: ['get', 'update'] },
  ];
}

/** The rules as named templates of the chart, which binds them cluster-wide or by namespace. */
export function generateRbac(): ReadonlyMap<string, string> {
  const templates = {
    objectRules: OBJECT_RULES,
    clusterRules: CLUSTER_RULES,
    leaseRules: leaseRules('{{ include "ecs-operator.leaseName" . }}'),
    viewRules: VIEW_RULES,
    editRules: EDIT_RULES,
  };
  const text = Object.entries(templates).map(([name, rules]) => {
    const body = stringify(rules, { aliasDuplicateObjects: false }).trimEnd();
    return `{{- define "ecs-operator.${name}" -}}\n${body}\n{{- end }}\n`;
  });
  const header =
    '{{- /* Made from the registry of kinds by `make generate`: what the operator does, and nothing else. */ -}}\n';
  return new Map([['charts/ecs-operator/templates/_rules.tpl', header + text.join('\n')]]);
}

/** `patch` on the object itself is for the finalizer; on status, for the truth. Spec is never written. */
function operatorRules({ group, plural }: Definition): readonly AccessRule[] {
  return [rule(group, [plural], ['get', 'list', 'watch', 'patch']), rule(group, [`${plural}/status`], ['patch'])];
}

function editRules({ group, plural, scale }: Definition): readonly AccessRule[] {
  const edit = rule(group, [plural], ['create', 'update', 'patch', 'delete', 'deletecollection']);
  return scale ? [edit, rule(group, [`${plural}/scale`], ['get', 'update', 'patch'])] : [edit];
}

function rule(group: string, resources: readonly string[], verbs: readonly string[]): AccessRule {
  return { apiGroups: [group], resources, verbs };
}
