import { type Arbitrary, array, constantFrom, nat, record } from 'fast-check';
import type { Fragment } from '../../src/api/rule.ts';
import { isPlainObject } from '../../src/lib/stable-json.ts';

/** Texts that rules tell apart, near misses of them, and what two readers of one text may see differently. */
const TEXTS = [
  ['', ' ', '0', '-1', '+1', '00', '1', '2', '21', '0x10', '1e3', '1.0', '٢', 'null'],
  ['ALL', 'all', 'true', 'TRUE', 'ENABLED', 'DISABLED', '/', '/data', 'a b', 'a/b', 'a.b', 'a:b', 'a,b', 'é', '🐳'],
  ['256', '256 ', ' 256', '0256', '512', '1024', '1 vCPU', '1 vcpu', '1vCPU', '.5 vCPU', '0.5 vCPU', '1  vCPU', '3'],
  ['2048', '2 GB', '2GB', '2 gb', '0.5GB', '.5 GB', '1.5 GB', '30 GB', '30720', '4096', '2147483648', '9'.repeat(20)],
  ['8000-8010', '8010-8000', '8000-8000', '8000-', '-8000', '8000', '1-70000', '8000 - 8010', '08000-8010'],
  ['aws:x', 'AWS:x', 'aws', 'ecs-operator.dev/name', 'ECS-OPERATOR.DEV/name', 'ecs-operator.dev', 'x aws:'],
  [
    'FARGATE',
    'FARGATE_SPOT',
    'EC2',
    'fargate',
    'CMD',
    'CMD-SHELL',
    'NONE',
    'SYS_PTRACE',
    'CAP_SYS_PTRACE',
    'NET_ADMIN',
  ],
  ['awslogs', 'splunk', 'awsfirelens', 'net.core.somaxconn', 'kernel.msgmax', 'app', 'web', 'proxy', 'data', 'x.env'],
  [
    'enabled',
    'enhanced',
    'disabled',
    'containerInsights',
    'gp2',
    'gp3',
    'io1',
    'io2',
    'st1',
    'standard',
    'cpu',
    'memory',
  ],
  [
    'web:1',
    'memberOf',
    'credentialspec:arn:x',
    'credentialspecdomainless:arn:x',
    'arn:aws:s3:::b/x.env',
    'arn:aws-cn:x',
  ],
].flat();

const NUMBERS = [
  -1, 0, 1, 2, 3, 4, 5, 6, 20, 21, 60, 61, 80, 100, 101, 119, 120, 121, 128, 200, 201, 256, 300, 512,
].concat([1024, 1025, 2048, 3000, 4096, 8192, 65_535, 65_536, 2_147_483_647, 0.1, 0.15, 2.5, 99.95]);

type Path = readonly (string | number)[];

/** One change to a spec: what is at the place is dropped, doubled, emptied, or replaced by something of its own type. */
export interface Mutation {
  /** Counts the places of the spec, around again where there are fewer. */
  readonly place: number;
  readonly act: 'drop' | 'double' | 'empty' | 'replace';
  readonly choice: number;
}

export const mutations: Arbitrary<readonly Mutation[]> = array(
  record({
    place: nat(10_000),
    act: constantFrom('drop', 'double', 'empty', 'replace', 'replace', 'replace'),
    choice: nat(10_000),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The spec with one change after the other. The spec given is left as it is. */
export function mutate(spec: Fragment, steps: readonly Mutation[]): Fragment {
  return steps.reduce(mutateOnce, spec);
}

function mutateOnce(spec: Fragment, { place, act, choice }: Mutation): Fragment {
  const places = pathsIn(spec, []);
  const path = places[place % places.length];
  return path === undefined ? spec : (changeAt(spec, path, (value) => changed(value, act, choice)) as Fragment);
}

/** What stands in place of one value: nothing, itself twice (in a list), or another. */
function changed(value: unknown, act: Mutation['act'], choice: number): readonly unknown[] {
  if (act === 'drop') return [];
  if (act === 'double') return [value, value];
  if (Array.isArray(value)) return [act === 'empty' ? [] : value.toReversed()];
  if (isPlainObject(value)) return [act === 'empty' ? {} : value];
  if (typeof value === 'string') return [act === 'empty' ? '' : TEXTS[choice % TEXTS.length]];
  if (typeof value === 'number') return [act === 'empty' ? 0 : NUMBERS[choice % NUMBERS.length]];
  return [value !== true];
}

function pathsIn(value: unknown, path: Path): readonly Path[] {
  const own = path.length === 0 ? [] : [path];
  return [...own, ...entriesOf(value).flatMap(([key, member]) => pathsIn(member, [...path, key]))];
}

function entriesOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, item] as const);
  return isPlainObject(value) ? Object.entries(value) : [];
}

function changeAt(value: unknown, path: Path, change: (value: unknown) => readonly unknown[]): unknown {
  const [key, ...rest] = path;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => (index === key ? next(item, rest, change) : [item]));
  }
  if (!isPlainObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) =>
    name === key
      ? next(member, rest, change)
          .slice(0, 1)
          .map((item) => [name, item] as const)
      : [[name, member] as const],
  );
  return Object.fromEntries(members);
}

function next(value: unknown, rest: Path, change: (value: unknown) => readonly unknown[]): readonly unknown[] {
  return rest.length === 0 ? change(value) : [changeAt(value, rest, change)];
}
