import type { Verdict } from './rule.ts';

/** The forms that many rules share: each makes the CEL and the check in TypeScript from one statement. */

type Members<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

export function atMostOneOf<Name extends string>(...names: readonly [Name, ...Name[]]): Verdict<Members<Name>> {
  return { cel: `${count(names)} <= 1`, holds: (value) => stated(value, names) <= 1 };
}

export function exactlyOneOf<Name extends string>(...names: readonly [Name, ...Name[]]): Verdict<Members<Name>> {
  return { cel: `${count(names)} == 1`, holds: (value) => stated(value, names) === 1 };
}

/** Where one member is stated, all of these are. */
export function needs<Name extends string>(name: Name, ...needed: readonly [Name, ...Name[]]): Verdict<Members<Name>> {
  return {
    cel: `!has(self.${name}) || (${needed.map((other) => `has(self.${other})`).join(' && ')})`,
    holds: (value) => value[name] === undefined || needed.every((other) => value[other] !== undefined),
  };
}

/** A transition of the parent: a member's own rule would not be asked when the member appears or vanishes. */
export function immutable<Name extends string>(name: Name): Verdict<{ readonly [Key in Name]?: string | undefined }> {
  const isSame = `(!has(self.${name}) || self.${name} == oldSelf.${name})`;
  return {
    cel: `has(self.${name}) == has(oldSelf.${name}) && ${isSame}`,
    holds: (value, old) => value[name] === old[name],
  };
}

/** All items differ in this member, which every item has. */
export function distinctBy<Name extends string>(
  name: Name,
): Verdict<readonly { readonly [Key in Name]: string | number }[]> {
  return {
    cel: `self.all(one, self.exists_one(other, other.${name} == one.${name}))`,
    holds: (items) => new Set(items.map((item) => item[name])).size === items.length,
  };
}

/** The two lists have no text in common. */
export function areDisjoint(one: readonly unknown[], other: readonly unknown[]): boolean {
  const known = new Set(one);
  return !other.some((item) => known.has(item));
}

function count(names: readonly string[]): string {
  return `[${names.map((name) => `has(self.${name})`).join(', ')}].filter(stated, stated).size()`;
}

function stated<Name extends string>(value: Members<Name>, names: readonly Name[]): number {
  return names.filter((name) => value[name] !== undefined).length;
}
