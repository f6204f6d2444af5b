import type { EcsAccountSpec } from './schema.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = NonNullable<EcsAccountSpec['namespaceSelector']['matchExpressions']>[number];

/** As Kubernetes does: every label and every requirement holds; an empty selector selects everything. */
export function isSelected(
  { matchLabels = {}, matchExpressions = [] }: EcsAccountSpec['namespaceSelector'],
  labels: Labels,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => valueOf(labels, key) === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels))
  );
}

/** What has no such label is not in the values (Kubernetes: `LabelSelectorRequirement`). */
function holds({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = valueOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
