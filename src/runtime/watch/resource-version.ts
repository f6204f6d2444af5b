/**
 * True where both versions are numbers and the first is the lower one. Versions that are no numbers cannot be compared,
 * and nothing is older than what is not known.
 */
export function isOlderVersion(version: string, than: string | undefined): boolean {
  if (than === undefined || !isNumeric(version) || !isNumeric(than)) return false;
  return BigInt(version) < BigInt(than);
}

function isNumeric(version: string): boolean {
  return /^\d+$/.test(version);
}
