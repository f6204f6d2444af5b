import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { conditionOf } from '../../src/runtime/reconcile/conditions.ts';
import type { Scenario } from '../sim/scenario.ts';
import { SCENARIOS } from '../sim/scenarios/all.ts';
import { judgeByKstatus, judgeByLua } from '../support/judge.ts';
import { openStage, RESYNC_MS, type StageObject } from '../support/operator-stage.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'deploy', 'argocd');

const HealthTest = z.object({
  tests: z.array(
    z.object({ inputPath: z.string(), healthStatus: z.object({ status: z.string(), message: z.string() }) }),
  ),
});

function customizationOf(kind: string): string {
  return join(FOLDER, 'resource_customizations', 'ecs-operator.dev', kind);
}

function readYaml(path: string): unknown {
  return parse(readFileSync(path, 'utf8'));
}

describe.each(ALL_DEFINITIONS)("Argo CD's health of $kind", ({ kind }) => {
  const folder = customizationOf(kind);
  const script = join(folder, 'health.lua');
  const { tests } = HealthTest.parse(readYaml(join(folder, 'health_test.yaml')));

  test.for(tests)('is $healthStatus.status for $inputPath', async ({ inputPath, healthStatus }) => {
    const object = readYaml(join(folder, inputPath)) as object;

    expect(await judgeByLua(script, [object])).toEqual([healthStatus]);
  });

  test('is in the ConfigMap, because that is what people paste', () => {
    const key = `resource.customizations.health.ecs-operator.dev_${kind}`;

    expect(readYaml(join(FOLDER, 'argocd-cm.yaml'))).toHaveProperty(['data', key], readFileSync(script, 'utf8'));
  });
});

/** Every object at every instant at which something was written, each once. */
async function stagesOf(scenario: Scenario): Promise<readonly StageObject[]> {
  const seen = new Map<string, StageObject>();
  const stage = await openStage({
    onWrite() {
      for (const object of stage.objects()) seen.set(JSON.stringify(object), object);
    },
  });
  stage.start();
  for (const { act, until } of [...(scenario.given ?? []), ...scenario.acts]) {
    await act(stage);
    await stage.clock.runUntil(() => until(stage), { limitMs: RESYNC_MS });
  }
  for (const object of stage.objects()) seen.set(JSON.stringify(object), object);
  stage.crash();
  return [...seen.values()];
}

/** What the conditions say, in the words of kstatus and of Argo CD. */
function meaningOf({ metadata, status }: StageObject): { readonly kstatus: string; readonly argo: string } {
  const holds = (type: string): boolean => conditionOf(status.conditions, type)?.status === 'True';
  if (metadata.deletionTimestamp !== undefined) return { kstatus: 'Terminating', argo: 'Progressing' };
  if (status.observedGeneration !== metadata.generation) return { kstatus: 'InProgress', argo: 'Progressing' };
  if (holds('Stalled')) return { kstatus: 'Failed', argo: 'Degraded' };
  if (holds('Suspended')) return { kstatus: 'InProgress', argo: 'Suspended' };
  return holds('Ready') ? { kstatus: 'Current', argo: 'Healthy' } : { kstatus: 'InProgress', argo: 'Progressing' };
}

describe('at every stage of', () => {
  test.for(SCENARIOS)('$name, Flux, Helm and Argo CD see what the conditions say', async (scenario) => {
    const objects = await stagesOf(scenario);
    const [byKstatus, byLua] = await Promise.all([
      judgeByKstatus(objects),
      judgeByLua(join(customizationOf('EcsService'), 'health.lua'), objects),
    ]);

    const judged = objects.map((_, index) => ({ kstatus: byKstatus[index]?.status, argo: byLua[index]?.status }));

    expect(objects.length).toBeGreaterThan(1);
    expect(judged).toEqual(objects.map(meaningOf));
  });
});
