import { describe, expect, test } from 'vitest';
import { readGuides, readKindExamples } from '../support/examples.ts';
import type { KubeWrite } from '../support/fake-kube-api.ts';
import { furnish } from '../support/foreign-resources.ts';
import { nameOf, type ObjectName, openStage, RESYNC_MS, type Stage } from '../support/operator-stage.ts';
import type { ExampleObject } from '../support/rule-examples.ts';

/** Objects that come to rest without being Ready: what they show, and why that is right. */
const AT_REST_UNREADY: Readonly<Partial<Record<ObjectName, { readonly reason: string; readonly because: string }>>> = {
  'EcsCluster/full-in-another-account': { reason: 'NoAccount', because: 'there is no EcsAccount here' },
  'EcsTaskDefinition/full-in-another-account': { reason: 'NoAccount', because: 'there is no EcsAccount here' },
  'EcsService/full-in-another-account': {
    reason: 'DependencyNotReady',
    because: 'its definition needs an EcsAccount, which is not there',
  },
  'EcsService/full-linear': {
    reason: 'RolloutInProgress',
    because: 'its PAUSE hook waits for an answer that nobody gives here',
  },
};

/** Examples of services refer to those of the other kinds; each guide stands for itself. */
const EXAMPLES: readonly { readonly path: string; readonly objects: readonly ExampleObject[] }[] = [
  ...readGuides(),
  ...(['minimal', 'full'] as const).map((name) => ({
    path: `src/kinds/*/examples/${name}.yaml`,
    objects: readKindExamples(name).flatMap(({ objects }) => objects),
  })),
];

/** Long enough for the slowest bake time, and for the counts of a cluster to be looked at once more. */
const TO_REST_MS = 6 * RESYNC_MS;
const AFTER_RESTART_MS = 120_000;
async function untilAtRest(objects: readonly ExampleObject[], shuffleAnswers: boolean): Promise<Stage> {
  const stage = await openStage({ containerInstances: 1, shuffleAnswers });
  await furnish(stage, objects);
  stage.apply(...objects);
  stage.start();
  await stage.clock.advance(TO_REST_MS);
  return stage;
}

/** What is written to either side in that time. */
async function writesWithin({ clock, api, simulator }: Stage, ms: number) {
  const before = api.writes.length;
  simulator.forgetCalls();
  await clock.advance(ms);
  return { aws: simulator.writes().map(({ action }) => action), kubernetes: api.writes.slice(before).map(kindOfWrite) };
}

function kindOfWrite({ resource, subresource }: KubeWrite): string {
  return resource.plural === 'events' ? 'event' : (subresource ?? 'object');
}

function verdicts(stage: Stage): readonly string[] {
  return stage.objects().map((object) => {
    const name = nameOf(object);
    return `${name} ${stage.areReady(name) ? 'Ready' : stage.unreadyBy(name)}`;
  });
}

function expectedVerdicts(stage: Stage): readonly string[] {
  return stage
    .objects()
    .map(nameOf)
    .map((name) => `${name} ${AT_REST_UNREADY[name]?.reason ?? 'Ready'}`);
}

const NOTHING = { aws: [], kubernetes: [] };

describe.each([
  { shuffleAnswers: false, order: 'their own order' },
  { shuffleAnswers: true, order: 'any order' },
])('with answers in $order', ({ shuffleAnswers }) => {
  test.for(EXAMPLES)(
    '$path is made, and then nothing is written, also with status lost by a restart',
    async ({ objects }) => {
      const stage = await untilAtRest(objects, shuffleAnswers);

      expect(stage.objects()).toHaveLength(objects.length);
      expect(verdicts(stage)).toEqual(expectedVerdicts(stage));
      expect(await writesWithin(stage, 3 * RESYNC_MS)).toEqual(NOTHING);

      stage.crash();
      stage.wipeStatus();
      stage.start();
      const restarted = await writesWithin(stage, AFTER_RESTART_MS);

      expect(restarted.aws).toEqual([]);
      expect(restarted.kubernetes).not.toContain('object');
      expect(verdicts(stage)).toEqual(expectedVerdicts(stage));
      expect(await writesWithin(stage, 3 * RESYNC_MS)).toEqual(NOTHING);
      stage.crash();
    },
  );
});
