/** `Object.entries` with the keys' own type: for records whose type lists all their keys. */
export function entriesOf<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
): readonly (readonly [Key, Value])[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller's type says that there are no other keys
  return Object.entries(record) as [Key, Value][];
}
