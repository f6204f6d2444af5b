/** The spec has AWS's members in camelCase; Application Auto Scaling has them in PascalCase. */
export function inAwsSpelling(value: unknown): unknown {
  return renamed(value, (name) => name.charAt(0).toUpperCase() + name.slice(1));
}

export function inSpecSpelling(value: unknown): unknown {
  return renamed(value, (name) => name.charAt(0).toLowerCase() + name.slice(1));
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, rename));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const stated = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(stated.map(([name, member]) => [rename(name), renamed(member, rename)]));
}
