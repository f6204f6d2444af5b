const PREFIX = 'serviceConnectDefaults.namespace=';

/**
 * ECS takes the namespace of Service Connect by name or ARN and shows its ARN, which does not hold the name. So that a
 * change of name is seen, the operator remembers which ARN it has found for a name, as one entry of
 * `status.lastApplied.fields`: `serviceConnectDefaults.namespace=<name>@<arn>`. Where the memory is lost, any ARN passes
 * for any name.
 */
export function rememberNamespace(name: string, arn: string): string {
  return `${PREFIX}${name}@${arn}`;
}

export function isMemoryOf(name: string, field: string): boolean {
  return field.startsWith(`${PREFIX}${name}@`);
}

/** Whether the namespace that ECS shows is the one that is wished, as far as can be known. */
export function isSameNamespace(wanted: string, found: string, memory: readonly string[]): boolean {
  if (wanted === found) return true;
  if (wanted === '' || wanted.startsWith('arn:') || !found.startsWith('arn:')) return false;
  const known = memory
    .filter((field) => field.startsWith(PREFIX))
    .map((field) => field.slice(PREFIX.length).split('@'));
  const ofName = known.find(([name]) => name === wanted);
  if (ofName !== undefined) return ofName[1] === found;
  return !known.some(([, arn]) => arn === found);
}
