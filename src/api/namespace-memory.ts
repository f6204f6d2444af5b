/**
 * ECS takes the namespace of Service Connect by name or ARN and shows its ARN, which does not hold the name. So that a
 * change of name is seen, the operator remembers which ARN it has found for a name, as one entry of
 * `status.lastApplied.fields`: `<path>=<name>@<arn>`. Where the memory is lost, any ARN passes for any name.
 */
export function rememberNamespace(path: string, name: string, arn: string): string {
  return `${path}=${name}@${arn}`;
}

export function isMemoryOf(path: string, name: string, field: string): boolean {
  return field.startsWith(`${path}=${name}@`);
}

/** Whether the namespace that ECS shows is the one that is wished, as far as can be known. */
export function isSameNamespace(
  path: string,
  { wanted, found }: { readonly wanted: string; readonly found: string },
  memory: readonly string[],
): boolean {
  if (wanted === found) return true;
  if (wanted === '' || wanted.startsWith('arn:') || !found.startsWith('arn:')) return false;
  const prefix = `${path}=`;
  const known = memory
    .filter((field) => field.startsWith(prefix))
    .map((field) => field.slice(prefix.length).split('@'));
  const ofName = known.find(([name]) => name === wanted);
  if (ofName !== undefined) return ofName[1] === found;
  return !known.some(([, arn]) => arn === found);
}
