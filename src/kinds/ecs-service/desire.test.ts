import { describe, expect, test } from 'vitest';
import {
  anObject,
  aReferent,
  CLUSTER_ARN,
  revision,
  surroundings,
  wishFor,
} from '../../../test/support/ecs-service-builders.ts';
import { ANNOTATIONS } from '../../api/group.ts';
import type { Referent } from '../../core/managed-kind.ts';
import { referencesOfService, removeService } from './desire.ts';
import { ecsService } from './kind.ts';
import { locateService } from './locate.ts';

const onShop = anObject({ cluster: undefined, clusterRef: { name: 'shop' } });

function clusterReference(): (referent: Referent) => boolean {
  const [reference] = referencesOfService(onShop.spec);
  if (reference?.isUsable === undefined) throw new Error('no rule for clusters');
  return reference.isUsable;
}

describe('references', () => {
  test('are those that are stated', () => {
    expect(referencesOfService(anObject().spec)).toEqual([]);
    expect(referencesOfService({ clusterRef: { name: 'a' }, taskDefinitionRef: { name: 'b' } })).toMatchObject([
      { path: 'spec.clusterRef', kind: 'EcsCluster', name: 'a' },
      { path: 'spec.taskDefinitionRef', kind: 'EcsTaskDefinition', name: 'b' },
    ]);
  });

  test('to a cluster need it ACTIVE with an ARN, because its other troubles are no trouble of services', () => {
    const isUsable = clusterReference();

    expect(isUsable(aReferent('EcsCluster', 'shop', { status: { arn: CLUSTER_ARN, state: 'ACTIVE' } }))).toBe(true);
    expect(isUsable(aReferent('EcsCluster', 'shop', { status: { arn: CLUSTER_ARN, state: 'PROVISIONING' } }))).toBe(
      false,
    );
    expect(isUsable(aReferent('EcsCluster', 'shop', { status: { state: 'ACTIVE' } }))).toBe(false);
  });

  test('to a cluster that is being deleted are of no use', () => {
    const going = aReferent('EcsCluster', 'shop', { status: { arn: CLUSTER_ARN, state: 'ACTIVE' } });

    expect(
      clusterReference()({ ...going, metadata: { ...going.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    ).toBe(false);
  });

  test('to a task definition need it ready for its newest generation, which is the rule of all kinds', () => {
    expect(referencesOfService({ taskDefinitionRef: { name: 'b' } })[0]).not.toHaveProperty('isUsable');
  });
});

function referent(parts: Parameters<typeof aReferent>[2]): Record<string, Referent> {
  return { 'spec.clusterRef': aReferent('EcsCluster', 'shop', parts) };
}

describe('where the service is', () => {
  test('is on the cluster that its reference has become', () => {
    expect(locateService(onShop, referent({ status: { arn: CLUSTER_ARN } }))).toMatchObject({
      cluster: CLUSTER_ARN,
      service: 'web',
    });
  });

  test.for([
    {
      what: 'what status remembers',
      object: { ...onShop, status: { clusterArn: CLUSTER_ARN } },
      refs: {},
      cluster: CLUSTER_ARN,
    },
    {
      what: 'the name of the cluster',
      object: onShop,
      refs: referent({ spec: { clusterName: 'prod' } }),
      cluster: 'prod',
    },
    { what: 'the name of the reference', object: onShop, refs: {}, cluster: 'shop' },
  ])('is found by $what where the reference is of no help, because deletion must end', ({ object, refs, cluster }) => {
    expect(locateService(object, refs)).toMatchObject({ cluster });
  });

  test('is where it was seen, because the cluster’s object may be another one by now', () => {
    const object = { ...onShop, status: { clusterArn: CLUSTER_ARN } };

    expect(locateService(object, referent({ status: { arn: `${CLUSTER_ARN}-2` } }))).toMatchObject({
      cluster: CLUSTER_ARN,
    });
  });

  test('groups services by what one DescribeServices can hold', () => {
    const groups = [
      anObject(),
      anObject({}, { name: 'other' }),
      anObject({ cluster: 'b' }),
      anObject({ region: 'eu-west-2' }),
      anObject({ accountRef: { name: 'x' } }),
    ].map((object) => ecsService.sweepGroup(locateService(object, {})));

    expect(new Set(groups).size).toBe(4);
    expect(groups[0]).toBe(groups[1]);
  });
});

function restartAt(value: string): { annotations: Record<string, string> } {
  return { annotations: { [ANNOTATIONS.restartAt]: value } };
}

function restartOf(parts: Parameters<typeof anObject>[1]): unknown {
  return wishFor(anObject({}, parts)).restart;
}

describe('the wish', () => {
  test('has only what is stated, because the rest may be others’', () => {
    expect(wishFor(anObject({ desiredCount: 0, loadBalancers: [] })).stated).toEqual({
      taskDefinition: revision(1),
      desiredCount: 0,
      loadBalancers: [],
    });
  });

  test('is refused where the parameters of a hook are no JSON, naming them', () => {
    const object = anObject({ deploymentConfiguration: { lifecycleHooks: [{ hookDetails: '{' }] } });

    expect(() => wishFor(object)).toThrow('lifecycleHooks[0].hookDetails is no JSON');
  });

  test('for a restart needs a memory of another value, because an annotation of a new object asks for nothing', () => {
    expect(restartOf(restartAt('1'))).toBeUndefined();
    expect(restartOf({ ...restartAt('1'), status: { restart: { value: '1' } } })).toBeUndefined();
    expect(restartOf({ ...restartAt('2'), status: { restart: { value: '1' } } })).toEqual({
      value: '2',
      from: undefined,
      at: undefined,
    });
    expect(restartOf({ ...restartAt('2'), status: { restart: { value: '2', deploymentId: 'd' } } })).toEqual({
      value: '2',
      from: 'd',
      at: undefined,
    });
    expect(restartOf({ status: { restart: { value: '1' } } })).toBeUndefined();
  });

  test('to be gone says how', () => {
    expect(removeService(anObject(), surroundings())).toMatchObject({ isRetained: false, isForced: false });
    expect(removeService(anObject({ deletionPolicy: 'Retain', forceDelete: true }), surroundings())).toMatchObject({
      isRetained: true,
      isForced: true,
    });
  });
});
