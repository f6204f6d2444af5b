import type { ObjectName, Stage } from '../../support/operator-stage.ts';
import { clusterNamed, definitionOf, type StoryManifest, serviceNamed } from '../../support/shop-objects.ts';
import { CANARY } from '../oracles/canary.ts';
import type { Act } from '../scenario.ts';

export const CLUSTER: ObjectName = 'EcsCluster/shop';
export const DEFINITION: ObjectName = 'EcsTaskDefinition/web';
export const SERVICE: ObjectName = 'EcsService/web';
export const STACK = [CLUSTER, DEFINITION, SERVICE] as const;

export const cluster = clusterNamed('shop', {
  settings: [{ name: 'containerInsights', value: 'enabled' }],
  tags: [{ key: 'note', value: CANARY }],
});

type Spec = Readonly<Record<string, unknown>>;

/** With what must never be told wherever a definition can hold it. */
export function containers(image: string): Spec {
  return {
    containerDefinitions: [
      {
        name: 'app',
        image,
        environment: [{ name: 'TOKEN', value: CANARY }],
        secrets: [{ name: 'PASSWORD', valueFrom: `/shop/${CANARY}` }],
        dockerLabels: { note: CANARY },
        logConfiguration: { logDriver: 'splunk', options: { 'splunk-url': 'https://logs', 'splunk-token': CANARY } },
      },
    ],
  };
}

export function definition(image = 'shop/web:1', spec: Spec = {}): StoryManifest {
  return definitionOf('web', image, { executionRoleArn: 'web', ...containers(image), ...spec });
}

export function ready(...names: readonly ObjectName[]): Act['until'] {
  return (stage) => stage.areReady(...names);
}

export function gone(...names: readonly ObjectName[]): Act['until'] {
  return (stage) => names.every((name) => stage.object(name) === undefined);
}

export function stalled(name: ObjectName, reason: string): Act['until'] {
  return (stage) => stage.stalledBy(name) === reason;
}

export function unready(name: ObjectName, reason: string): Act['until'] {
  return (stage) => stage.unreadyBy(name) === reason;
}

export function apply(objects: readonly StoryManifest[], until: Act['until']): Act {
  return { act: (stage) => stage.apply(...objects), until };
}

export function change(name: ObjectName, spec: Spec, until: Act['until']): Act {
  return { act: (stage) => stage.change(name, spec), until };
}

/** The same change to each object of the stack. */
export function changeAll(spec: Spec, until: Act['until']): Act {
  return {
    act(stage) {
      for (const name of STACK) stage.change(name, spec);
    },
    until,
  };
}

export function remove(...names: readonly ObjectName[]): Act {
  return { act: (stage) => stage.remove(...names), until: gone(...names) };
}

export const removeAll: Act = { act: (stage) => stage.removeAll(), until: gone(...STACK) };

export function stackOf(service = serviceNamed('web')): readonly Act[] {
  return [apply([cluster, definition(), service], ready(...STACK))];
}

/** Somebody changes ECS past the operator, and asks it to look. `times` tells one such act of a story from the next. */
export function behindOurBack(
  name: ObjectName,
  times: number,
  call: (stage: Stage) => Promise<unknown>,
  until: Act['until'],
): Act {
  return {
    async act(stage) {
      await call(stage);
      stage.annotate(name, { 'ecs-operator.dev/reconcile-at': String(times) });
    },
    until,
  };
}

/** Those of our cluster. */
export function servicesOf({ simulator }: Stage) {
  simulator.settle();
  return [...simulator.world.services.values()].filter(({ service }) => service.clusterArn?.endsWith('/shop'));
}

/** Whether some service has ended its rollout. */
export function isSteady(stage: Stage): boolean {
  return servicesOf(stage).some(
    ({ service }) => service.status === 'ACTIVE' && service.deployments?.[0]?.rolloutState === 'COMPLETED',
  );
}

export function isSuspended(stage: Stage): boolean {
  return STACK.every((name) =>
    stage.object(name)?.status.conditions?.some(({ type, status }) => type === 'Suspended' && status === 'True'),
  );
}
