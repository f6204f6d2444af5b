import { z } from 'zod';
import type { Cluster } from './kubectl.ts';
import type { StoryManifest } from './shop-objects.ts';
import type { Stack } from './stack.ts';
import { waitFor } from './wait-for.ts';

/** As in autoscaling/v2: for each task, or for all of them together. */
export type AutoscalerTarget =
  | { readonly type: 'AverageValue'; readonly averageValue: string }
  | { readonly type: 'Value'; readonly value: string };

/** Scales the EcsService of the same name from 1 to 10 tasks by the external metric of the same name, at once. */
export function autoscalerOf(name: string, target: AutoscalerTarget): StoryManifest {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'ecs-operator.dev/v1alpha1', kind: 'EcsService', name },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [{ type: 'External', external: { metric: { name }, target } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    },
  };
}

const Autoscaler = z.object({
  status: z.object({
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }))
      .default([]),
  }),
});

/** Waits until one of the autoscaler's conditions matches, told as `ScalingActive is True, ValidMetricFound: …`. */
export async function autoscalerSays(cluster: Cluster, stack: Stack, name: string, words: RegExp): Promise<void> {
  const look = async (): Promise<readonly string[]> => {
    const { status } = Autoscaler.parse(await cluster.get('horizontalpodautoscaler', stack.namespace, name));
    return status.conditions.map((each) => `${each.type} is ${each.status}, ${each.reason}: ${each.message}`);
  };
  const options = { timeoutMs: 60_000, operator: stack.operator };
  await waitFor(
    `the autoscaler ${name} to say ${words}`,
    look,
    (said) => said.some((each) => words.test(each)),
    options,
  );
}
