import type { Issue } from '../core/definition.ts';
import { isPlainObject } from '../lib/stable-json.ts';

/**
 * A rule that holds between members of a spec. It is stated twice, for the API server (`cel`) and for the operator
 * (`holds`), and its examples hold both to one verdict. Without `cel` only the operator knows it.
 */
export interface Rule {
  readonly id: string;
  /** Where the fact comes from: AWS's page or field documentation, or a decision of ours. */
  readonly source: string;
  readonly level: 'admission' | 'reconcile';
  /**
   * `always`: of every object. `at-creation`: only of new objects (a rule at the root would otherwise block even the
   * status writes of objects that are older than it). `on-change`: of old and new together; only the API server asks.
   */
  readonly asked: 'always' | 'at-creation' | 'on-change';
  /** Path below `spec`, `[]` for each item: `containerDefinitions[].healthCheck`. Empty: spec itself. Or `root`. */
  readonly at: string;
  readonly cel?: string;
  /** What is wrong, and what to write instead. */
  readonly message: string;
  holds(value: unknown, old: unknown): boolean;
  readonly examples: Examples;
}

/** Parts of a spec that are laid over the smallest valid one of the kind (member by member, at the top only). */
interface Examples {
  /** Laid under both, and what is stored before where the rule is about a change. */
  readonly base?: Fragment;
  readonly refused: Fragment;
  /** The nearest neighbour that is right. */
  readonly accepted: Fragment;
  /** The name of both objects where the rule is about that. */
  readonly name?: string;
}

export type Fragment = Readonly<Record<string, unknown>>;

/** What stands at a path, with everything optional on the way taken as present. */
export type At<Spec, Path extends string> = Path extends ''
  ? Spec
  : Path extends 'root'
    ? { readonly metadata: { readonly name: string }; readonly spec: Spec }
    : Path extends `${infer Head}.${infer Rest}`
      ? At<Member<Spec, Head>, Rest>
      : Member<Spec, Path>;

type Member<Value, Step extends string> = Step extends `${infer Name}[]`
  ? Items<Stated<Value, Name>>
  : Stated<Value, Step>;

type Stated<Value, Name extends string> = Name extends keyof Value ? NonNullable<Value[Name]> : never;

type Items<Value> = Value extends readonly (infer Item)[] ? Item : never;

export type RuleSource<Spec, Path extends string> = {
  readonly id: string;
  readonly source: string;
  readonly at: Path;
  readonly message: string;
  readonly asked?: Rule['asked'];
  readonly examples: {
    readonly base?: Partial<Spec>;
    readonly refused: Partial<Spec>;
    readonly accepted: Partial<Spec>;
    readonly name?: string;
  };
} & (Verdict<At<Spec, Path>> | Omit<Verdict<At<Spec, Path>>, 'cel'>);

/** Both statements of a rule. */
export interface Verdict<Value> {
  readonly cel: string;
  holds(value: Value, old: Value): boolean;
}

/** States rules of one spec: `const rule = rulesOf<EcsClusterSpec>()`, then `rule({ id, at, … })` for each. */
export function rulesOf<Spec>(): <const Path extends string>(source: RuleSource<Spec, Path>) => Rule {
  return (source) => {
    const level = 'cel' in source ? 'admission' : 'reconcile';
    // `holds` is only given what stands at `at`, which is what it takes.
    return { asked: 'always', ...source, level };
  };
}

/** The rules that the object breaks, as the operator sees it. Changes are not its business: it knows no old object. */
export function checkRules(
  rules: readonly Rule[],
  object: { readonly name: string; readonly spec: object },
): readonly Issue[] {
  return rules
    .filter((rule) => rule.asked !== 'on-change')
    .flatMap((rule) =>
      placesOf(rule, object)
        .filter(({ value }) => !rule.holds(value, value))
        .map(({ path }) => ({ path, message: rule.message })),
    );
}

interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** Every value that a rule is asked of: none where something on the way is absent, as with CEL. */
export function placesOf(rule: Rule, object: { readonly name: string; readonly spec: object }): readonly Place[] {
  if (rule.at === 'root')
    return [{ path: 'metadata.name', value: { metadata: { name: object.name }, spec: object.spec } }];
  const start: readonly Place[] = [{ path: 'spec', value: object.spec }];
  const steps = rule.at === '' ? [] : rule.at.split('.');
  return steps.reduce((places, step) => places.flatMap((place) => enter(place, step)), start);
}

function enter(place: Place, step: string): readonly Place[] {
  const name = step.replace('[]', '');
  const value = isPlainObject(place.value) ? place.value[name] : undefined;
  if (value === undefined) return [];
  const path = `${place.path}.${name}`;
  if (!step.endsWith('[]')) return [{ path, value }];
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown, index) => ({ path: `${path}[${nameOf(item) ?? index}]`, value: item }));
}

/** Items are told apart by their name where they have one, as a person would. */
function nameOf(item: unknown): string | undefined {
  if (!isPlainObject(item)) return undefined;
  const name = item['name'] ?? item['key'];
  return typeof name === 'string' ? name : undefined;
}
