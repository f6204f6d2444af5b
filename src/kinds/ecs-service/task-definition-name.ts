/** A revision by number, whether by ARN or as `family:revision`. */
export function isRevision(taskDefinition: string): boolean {
  return /:\d+$/.test(revisionName(taskDefinition));
}

/** `web:4` of its ARN; what is no ARN as it stands. */
export function revisionName(taskDefinition: string): string {
  return isArn(taskDefinition) ? taskDefinition.slice(taskDefinition.indexOf('/') + 1) : taskDefinition;
}

/** The family, whatever the form. */
function familyName(taskDefinition: string): string {
  return revisionName(taskDefinition).replace(/:\d+$/, '');
}

/**
 * Whether a live revision (an ARN) is what a name asks for (S30): an ARN exactly, `family:revision` by both, and a bare
 * family by any revision of it.
 */
export function isRevisionOf(live: string | undefined, wanted: string): boolean {
  if (live === undefined) return false;
  if (!isRevision(wanted)) return familyName(live) === familyName(wanted);
  return isArn(wanted) && isArn(live) ? live === wanted : revisionName(live) === revisionName(wanted);
}

function isArn(name: string): boolean {
  return name.startsWith('arn:');
}
