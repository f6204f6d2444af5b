import type { Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  anObject,
  aReferent,
  aService,
  CLUSTER_ARN,
  OWNER,
  revision,
} from '../../../../test/support/ecs-service-builders.ts';
import { ownerTags } from '../../../api/ownership.ts';
import type { EcsGateway } from '../../../aws/gateway.ts';
import type { EcsServiceSpec, EcsServiceStatus } from '../schema.ts';
import { glanceAtService } from './glance.ts';

const ADOPTING: Partial<EcsServiceSpec> = {
  adoptionPolicy: 'Adopt',
  clusterRef: { name: 'shop' },
  cluster: undefined,
  taskDefinitionRef: { name: 'web' },
};
const CLUSTER = { 'spec.clusterRef': aReferent('EcsCluster', 'shop', { spec: { clusterName: 'shop-eu' } }) };

function glanceAt(service: Service | undefined, refs = CLUSTER) {
  const reads: string[] = [];
  const gateway = {
    describeService(cluster: string, name: string) {
      reads.push(`${cluster}/${name}`);
      return Promise.resolve(service);
    },
  } as unknown as EcsGateway;
  const read = (spec: Partial<EcsServiceSpec>, status: Partial<EcsServiceStatus> = {}) =>
    glanceAtService(anObject(spec, { status }), refs)?.read(gateway, new AbortController().signal);
  return { reads, read };
}

describe('while its definition is waited for, a service that is to be adopted', () => {
  test('shows the revision that it runs, although its cluster is only known by name', async () => {
    const { reads, read } = glanceAt(aService({ tags: [] }));

    const status = await read(ADOPTING);

    expect(reads).toEqual(['shop-eu/web']);
    expect(status).toMatchObject({ taskDefinition: revision(1), clusterArn: CLUSTER_ARN });
  });

  test('remembers nothing of what was put, because nothing was', async () => {
    const { read } = glanceAt(aService({ tags: [] }));

    const status = await read(ADOPTING);

    for (const member of ['lastApplied', 'createdAt', 'restart']) expect(status).not.toHaveProperty(member);
  });

  test.for([
    { name: 'that is not there', service: undefined },
    { name: 'that is no more', service: aService({ status: 'INACTIVE', tags: [] }) },
    { name: 'of somebody else', service: aService({ tags: ownerTags({ ...OWNER, name: 'other' }) }) },
  ])('shows nothing of one $name', async ({ service }) => {
    const { read } = glanceAt(service);

    expect(await read(ADOPTING)).toEqual({});
  });
});

describe('nothing is read', () => {
  test.for([
    { name: 'that is not to be adopted', spec: { ...ADOPTING, adoptionPolicy: 'Refuse' as const } },
    { name: 'whose revision is known', spec: ADOPTING, status: { taskDefinition: revision(1) } },
    { name: 'whose cluster has no object yet', spec: { ...ADOPTING, clusterRef: { name: 'elsewhere' } }, refs: {} },
  ])('for a service $name', ({ spec, status, refs }) => {
    const { read } = glanceAt(aService(), refs as typeof CLUSTER);

    expect(read(spec, status)).toBeUndefined();
  });
});
