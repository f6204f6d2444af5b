import { describe, expect, test } from 'vitest';
import { type ObjectName, openStage, RESYNC_MS, type Stage } from '../support/operator-stage.ts';
import { createRecordingLog, type LogLine } from '../support/recording-log.ts';
import type { ExampleObject } from '../support/rule-examples.ts';
import { definitionOf, serviceNamed } from '../support/shop-objects.ts';
import { STACK, stackOf } from './scenarios/acts.ts';

const API = 'ecs-operator.dev/v1alpha1';
const KINDS = ['EcsCluster', 'EcsTaskDefinition', 'EcsService', 'EcsAccount'] as const;
/** A condition's message may not be longer (Kubernetes: metav1.Condition). */
const MOST_MESSAGE = 32_768;
/** Within so long the stack beside it is Ready. */
const NOT_HELD_UP_MS = 60_000;
/** Of etcd, by default. */
const MOST_OBJECT = 1_500_000;

interface Hostile {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly spec: unknown;
  readonly status?: unknown;
  /** Why it is Stalled; `Ready` where it is as good as any other. */
  readonly reason: 'InvalidSpec' | 'Rejected' | 'Ready';
  /** What its message must name where it is Stalled; `spec` unless stated. */
  readonly names?: string;
}

function container(members: object): object {
  return { ...definitionOf('odd', 'a').spec, containerDefinitions: [{ name: 'app', image: 'a', ...members }] };
}

/** An account that selects every namespace, were it readable. */
function account(members: object): object {
  return { roleArn: 'arn:aws:iam::123456789012:role/odd', namespaceSelector: {}, ...members };
}

function nested(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}

const ANYTHING = ['text', 7, true, [], [null], { spec: {} }, null] as const;

/** What an older schema, or none, may have let in. */
const WRONG_TYPES = KINDS.flatMap((kind) =>
  ANYTHING.map(
    (spec): Hostile => ({ name: `spec ${JSON.stringify(spec)} of ${kind}`, kind, spec, reason: reasonFor(kind, spec) }),
  ),
);

/** A cluster needs nothing, and what the schema does not know does not count. */
function reasonFor(kind: string, spec: unknown): Hostile['reason'] {
  const isObject = spec === null || (typeof spec === 'object' && !Array.isArray(spec));
  return kind === 'EcsCluster' && isObject ? 'Ready' : 'InvalidSpec';
}

const CASES: readonly Hostile[] = [
  ...WRONG_TYPES,
  {
    name: 'a task definition over 64 KiB',
    kind: 'EcsTaskDefinition',
    spec: container({ environment: [{ name: 'BIG', value: 'x'.repeat(70_000) }] }),
    reason: 'InvalidSpec',
    names: '64',
  },
  {
    name: 'an object at the size limit',
    kind: 'EcsTaskDefinition',
    spec: container({ command: ['x'.repeat(MOST_OBJECT)] }),
    reason: 'InvalidSpec',
    names: '64',
  },
  {
    name: 'unicode in values',
    kind: 'EcsTaskDefinition',
    spec: container({ environment: [{ name: 'É🐳', value: '\u202e\ufeffx\u0000\ud800 ٣' }] }),
    reason: 'Ready',
  },
  {
    name: 'unicode in a name',
    kind: 'EcsService',
    spec: { ...serviceNamed('odd').spec, serviceName: 'wéb🐳' },
    reason: 'InvalidSpec',
    names: 'spec.serviceName',
  },
  {
    name: 'deep nesting where a text belongs',
    kind: 'EcsTaskDefinition',
    spec: container({ logConfiguration: { logDriver: 'awslogs', options: { a: nested(2_000) } } }),
    reason: 'InvalidSpec',
    names: 'spec.containerDefinitions.0.logConfiguration.options.a',
  },
  {
    name: 'a list of wrong items',
    kind: 'EcsService',
    spec: { ...serviceNamed('web').spec, tags: [null, 7, { key: {} }] },
    reason: 'InvalidSpec',
    names: 'spec.tags.0',
  },
  {
    name: 'a count that is a text',
    kind: 'EcsService',
    spec: { ...serviceNamed('web').spec, desiredCount: 'many' },
    reason: 'InvalidSpec',
    names: 'spec.desiredCount',
  },
  {
    name: 'a reference that is a number',
    kind: 'EcsService',
    spec: { ...serviceNamed('web').spec, clusterRef: 7 },
    reason: 'InvalidSpec',
    names: 'spec.clusterRef',
  },
  {
    name: 'an account with a role that is a list',
    kind: 'EcsAccount',
    spec: account({ roleArn: ['x'] }),
    status: { observedGeneration: 'x', conditions: 'y', usedBy: 'many', users: { a: 1 } },
    reason: 'InvalidSpec',
    names: 'spec.roleArn',
  },
  {
    name: 'an account with deep nesting where labels belong',
    kind: 'EcsAccount',
    spec: account({ namespaceSelector: { matchLabels: { a: nested(2_000) } } }),
    reason: 'InvalidSpec',
    names: 'spec.namespaceSelector.matchLabels.a',
  },
  {
    name: 'an account with a requirement that has no values',
    kind: 'EcsAccount',
    spec: account({ namespaceSelector: { matchExpressions: [{ key: 'é🐳', operator: 'In' }] } }),
    reason: 'InvalidSpec',
    names: 'spec.namespaceSelector.matchExpressions[é🐳]',
  },
  {
    name: 'members named like those of every object',
    kind: 'EcsTaskDefinition',
    spec: container({ dockerLabels: JSON.parse('{"__proto__":"x","constructor":"y"}') as object }),
    reason: 'Ready',
  },
  {
    name: 'a status of another form',
    kind: 'EcsTaskDefinition',
    spec: container({}),
    status: { observedGeneration: 'x', conditions: 'y', location: 7, revisions: {}, registering: [], lastApplied: 1 },
    reason: 'Ready',
  },
];

async function openBeside({ kind, spec, status }: Hostile): Promise<{ stage: Stage; lines: readonly LogLine[] }> {
  const log = createRecordingLog();
  const stage = await openStage({ log, hasAccounts: true });
  stage.start();
  stage.apply({ apiVersion: API, kind, metadata: { name: 'odd' }, spec } as ExampleObject);
  if (status !== undefined) stage.writeStatus(`${kind}/odd`, status);
  for (const { act } of stackOf()) await act(stage);
  return { stage, lines: log.lines };
}

function messageOf(stage: Stage, name: ObjectName): string {
  return stage.object(name)?.status.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
}

describe('beside a hostile object the others come true, and it is told what is wrong with it', () => {
  test.for(CASES)('$name: $reason', async (hostile) => {
    const { stage, lines } = await openBeside(hostile);
    const name: ObjectName = `${hostile.kind}/odd`;

    await stage.clock.runUntil(() => stage.areReady(...STACK), { limitMs: NOT_HELD_UP_MS });
    await stage.clock.advance(RESYNC_MS);
    const before = stage.api.writes.length + stage.simulator.calls.length;
    await stage.clock.advance(RESYNC_MS);
    const asked = stage.api.writes.length + stage.simulator.calls.length - before;

    expect(stage.areReady(name) ? 'Ready' : stage.stalledBy(name)).toBe(hostile.reason);
    expect(messageOf(stage, name)).toContain(hostile.reason === 'Ready' ? '' : (hostile.names ?? 'spec'));
    expect(messageOf(stage, name).length).toBeLessThan(MOST_MESSAGE);
    expect(asked).toBeLessThan(20);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    stage.crash();
  });

  test.for(CASES)('$name: can be deleted', async (hostile) => {
    const { stage } = await openBeside(hostile);
    await stage.clock.runUntil(() => stage.areReady(...STACK), { limitMs: NOT_HELD_UP_MS });

    stage.remove(`${hostile.kind}/odd`);
    await stage.clock.runUntil(() => stage.object(`${hostile.kind}/odd`) === undefined, { limitMs: 300_000 });

    expect(stage.areReady(...STACK)).toBe(true);
    stage.crash();
  });
});
