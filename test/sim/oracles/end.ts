import type { Tag } from '@aws-sdk/client-ecs';
import { isPlainObject } from '../../../src/lib/stable-json.ts';
import type { Stage, StageObject } from '../../support/operator-stage.ts';
import { scalingOf, withoutIds } from './scaling.ts';

/** What is left at the end of a story on both sides, without what chance and time put into it. */
export function endOf(stage: Stage) {
  stage.simulator.settle();
  return { aws: awsOf(stage), kubernetes: stage.objects().map(kubernetesOf) };
}

function awsOf({ simulator: { world } }: Stage) {
  const clusters = [...world.clusters.values()].map(({ cluster, tags }) => ({
    name: cluster.clusterName,
    status: cluster.status,
    capacityProviders: cluster.capacityProviders,
    settings: cluster.settings,
    tags: tagsOf(tags),
  }));
  const services = [...world.services.values()].map(({ service, tags }) => ({
    name: service.serviceName,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
    taskDefinition: service.taskDefinition,
    current: service.deployments?.map(({ status, taskDefinition }) => ({ status, taskDefinition })),
    tags: tagsOf(tags),
  }));
  /** Also those that are no more: a duplicate stays one when it is cleaned up. */
  const revisions = [...world.taskDefinitions].map(([arn, { definition, tags }]) => ({
    arn,
    status: definition.status,
    images: definition.containerDefinitions?.map(({ image }) => image),
    tags: tagsOf(tags),
  }));
  return { clusters, services, revisions, scaling: scalingOf(world) };
}

/** How many deployments each service has ever had: each has replaced all of its tasks. */
export function rolloutsIn({ simulator: { world } }: Stage): Readonly<Record<string, number>> {
  const services = [...world.services.values()];
  return Object.fromEntries(services.map(({ service, deployments }) => [service.serviceName, deployments.length]));
}

function tagsOf(tags: readonly Tag[]): readonly string[] {
  return tags.map(({ key, value }) => `${key}=${value}`).toSorted();
}

/** Without ids and times. What is remembered to spare a read may be remembered or not. */
function kubernetesOf({ kind, metadata, spec, status }: StageObject) {
  const { conditions = [], deployments, restart, selector, completedDeploymentId: _, scaling, ...rest } = status;
  return {
    kind,
    name: metadata.name,
    finalizers: metadata.finalizers,
    spec,
    status: withoutMoments({
      ...rest,
      scaling: withoutIds(scaling),
      // An object that is made anew has another.
      selector: String(selector).replace(metadata.uid ?? '', 'its uid'),
      deployments: itemsIn(deployments).map(({ id: __, rolloutStateReason: ___, ...deployment }) => deployment),
      restart: isPlainObject(restart) ? restart['value'] : undefined,
    }),
    conditions: conditions.map(({ type, status: is, reason }) => `${type} ${is} ${reason}`),
  };
}

function itemsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isPlainObject) : [];
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function withoutMoments(value: unknown): unknown {
  const text = JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'string' && MOMENT.test(member) ? 'some time' : member,
  );
  return JSON.parse(text) as unknown;
}
