import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rule } from '../../src/api/rule.ts';
import { DEFINITIONS } from '../../src/kinds/index.ts';
import { customResourceDefinition } from '../../tools/generate-crds.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { readKindExamples } from '../support/examples.ts';
import { RULE_EXAMPLES } from '../support/rule-examples.ts';
import { waitFor } from '../support/wait-for.ts';

/** A control plane of its own, as the CRDs of the shared one must stay as they are. */
let plane: ControlPlane;

const NAMESPACE = 'default';

/** Valid objects of every kind, and one whose name has a dot: a rule at the root looks at names. */
const OBJECTS = [
  ...readKindExamples('full').flatMap(({ objects }) => objects),
  ...RULE_EXAMPLES.filter(({ rule }) => rule.at === 'root').map(({ accepted }) => accepted),
];

beforeAll(async () => {
  plane = await startControlPlane({ hasControllers: false });
  await applyCrds((rule) => rule);
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
  await kubectl(['create', '--namespace', NAMESPACE, '--filename', '-'], listOf(OBJECTS));
  await applyCrds(tightened);
  await waitFor('the rules that nothing passes', isRefused, (refused) => refused);
});

afterAll(async () => {
  await plane[Symbol.asyncDispose]();
});

describe.each(OBJECTS)('$kind $metadata.name, stored before every rule was tightened', ({ kind, metadata }) => {
  const at = [kind.toLowerCase(), metadata.name, '--namespace', NAMESPACE];

  test('takes the operator’s writes and goes, because an object must never be stuck on a rule that is newer', async () => {
    const condition = { type: 'Ready', status: 'False', reason: 'Applying', message: 'a test' };
    const conditions = [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }];

    await patch(at, { status: { observedGeneration: 1, conditions } }, '--subresource=status');
    await patch(at, { metadata: { finalizers: ['ecs-operator.dev/finalizer'] } });
    await patch(at, { metadata: { finalizers: null } });
    await kubectl(['delete', ...at, '--timeout=20s']);

    expect(await plane.get(kind.toLowerCase(), NAMESPACE, metadata.name)).toBeUndefined();
  });
});

/** No new object passes. Rules about a change stay, as what they compare is the change. */
function tightened(rule: Rule): Rule {
  if (rule.level !== 'admission' || rule.asked === 'on-change') return rule;
  return { ...rule, cel: rule.asked === 'at-creation' ? 'oldSelf.hasValue()' : 'false' };
}

async function applyCrds(change: (rule: Rule) => Rule): Promise<void> {
  const changed = DEFINITIONS.map((definition) => ({ ...definition, rules: definition.rules.map(change) }));
  await kubectl(['apply', '--filename', '-'], listOf(changed.map(customResourceDefinition)));
}

/** The API server takes a moment to ask changed rules. */
async function isRefused(): Promise<boolean> {
  const verdicts = await Promise.all(
    OBJECTS.map((object) =>
      plane.kubectl(['create', '--dry-run=server', '--namespace', NAMESPACE, '--filename', '-'], {
        input: JSON.stringify({ ...object, metadata: { name: 'new' } }),
      }),
    ),
  );
  return verdicts.every(({ stderr }) => stderr.includes('is invalid'));
}

async function patch(at: readonly string[], change: object, ...flags: readonly string[]): Promise<void> {
  await kubectl(['patch', ...at, '--type=merge', '--patch', JSON.stringify(change), ...flags]);
}

async function kubectl(args: readonly string[], input = ''): Promise<void> {
  const { code, stderr } = await plane.kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.slice(0, 3).join(' ')}: ${stderr}`);
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
