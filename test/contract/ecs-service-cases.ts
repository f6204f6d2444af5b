import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import {
  type Case,
  createService,
  describeService,
  errorOf,
  expectTagsAfter,
  primaryIdOf,
  register,
  retag,
  TAGS_BEFORE,
} from './ecs-case.ts';

export const SERVICE_CASES: readonly Case[] = [
  {
    id: 'service-missing',
    fact: 'DescribeServices answers an unknown name with a failure MISSING',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const { services, failures } = await ecs.send(new DescribeServicesCommand({ cluster: name, services: [name] }));
      expect(services).toEqual([]);
      expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    },
  },
  {
    id: 'service-cluster-missing',
    fact: 'DescribeServices in an unknown cluster is a ClusterNotFoundException',
    async run(ecs, name) {
      const command = new DescribeServicesCommand({ cluster: name, services: [name] });
      expect(await errorOf(ecs.send(command))).toBe('ClusterNotFoundException');
    },
  },
  {
    id: 'service-eleven-names',
    fact: 'DescribeServices takes ten names and refuses eleven',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const services = Array.from({ length: 11 }, (_, index) => `${name}-${index}`);
      const command = new DescribeServicesCommand({ cluster: name, services });
      expect(await errorOf(ecs.send(command))).toBe('InvalidParameterException');
    },
  },
  {
    id: 'service-defaults',
    fact: 'a service is ACTIVE, with the defaults of its deployment configuration and a PRIMARY deployment',
    async run(ecs, name) {
      await createService(ecs, name);
      const service = await describeService(ecs, name);
      expect(service).toMatchObject({
        status: 'ACTIVE',
        schedulingStrategy: 'REPLICA',
        deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
      });
      expect(service?.deployments?.map(({ status }) => status)).toEqual(['PRIMARY']);
    },
  },
  {
    id: 'service-create-twice',
    fact: 'CreateService with a name that is taken and another token is refused as not idempotent',
    async run(ecs, name) {
      const { input } = await createService(ecs, name, { clientToken: 'first' });
      const again = new CreateServiceCommand({ ...input, desiredCount: 2, clientToken: 'second' });
      await expect(ecs.send(again)).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringMatching(/not idempotent/),
      });
    },
  },
  {
    id: 'service-token-replayed',
    fact: 'CreateService with the same token and input answers with the same service',
    async run(ecs, name) {
      const { service, input } = await createService(ecs, name, { clientToken: 'same' });
      const again = await ecs.send(new CreateServiceCommand(input));
      expect(again.service?.serviceArn).toBe(service?.serviceArn);
    },
  },
  {
    id: 'service-new-definition-new-deployment',
    fact: 'UpdateService with another task definition begins a deployment, and its end leaves one',
    async run(ecs, name, patienceMs) {
      // No tasks, so that no capacity is needed for the end of the rollout.
      await createService(ecs, name, { desiredCount: 0 });
      const taskDefinition = await register(ecs, name, 'shop/app:2');
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, taskDefinition }));
      await expect
        .poll(async () => (await describeService(ecs, name))?.deployments, { timeout: patienceMs, interval: 100 })
        .toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition }]);
    },
  },
  {
    id: 'service-count-is-no-deployment',
    fact: 'UpdateService with another count begins no deployment',
    async run(ecs, name) {
      await createService(ecs, name);
      const before = await describeService(ecs, name);
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, desiredCount: 2 }));
      const after = await describeService(ecs, name);
      expect(after?.desiredCount).toBe(2);
      expect(after?.deployments?.[0]?.id).toBe(before?.deployments?.[0]?.id);
    },
  },
  {
    id: 'service-deployments-listed',
    fact: 'ListServiceDeployments lists a deployment for each change that began one',
    async run(ecs, name) {
      await createService(ecs, name);
      const { serviceDeployments } = await ecs.send(
        new ListServiceDeploymentsCommand({ cluster: name, service: name }),
      );
      expect(serviceDeployments?.length).toBe(1);
    },
  },
  {
    id: 'service-delete-scaled',
    fact: 'DeleteService refuses a service that is scaled above 0, unless forced',
    async run(ecs, name) {
      await createService(ecs, name);
      const plain = new DeleteServiceCommand({ cluster: name, service: name });
      expect(await errorOf(ecs.send(plain))).toBe('InvalidParameterException');
      const forced = await ecs.send(new DeleteServiceCommand({ cluster: name, service: name, force: true }));
      expect(forced.service?.status).toMatch(/^(?:DRAINING|INACTIVE)$/);
    },
  },
  {
    id: 'service-tags',
    fact: 'a service keeps the tags it was made with, shown where TAGS is included',
    async run(ecs, name) {
      await createService(ecs, name, { tags: [{ key: 'team', value: 'shop' }] });
      expect((await describeService(ecs, name))?.tags).toEqual([{ key: 'team', value: 'shop' }]);
    },
  },
  {
    id: 'service-tags-on-request',
    fact: 'DescribeServices shows no tags where TAGS is not included',
    async run(ecs, name) {
      await createService(ecs, name, { tags: [{ key: 'team', value: 'shop' }] });
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: name, services: [name] }));
      expect(services?.[0]?.tags ?? []).toEqual([]);
    },
  },
  {
    id: 'service-tags-changed',
    fact: 'TagResource adds to and overwrites the tags of a service, UntagResource takes off those it names',
    async run(ecs, name) {
      const { service } = await createService(ecs, name, { tags: TAGS_BEFORE });
      await retag(ecs, service?.serviceArn);
      expectTagsAfter((await describeService(ecs, name))?.tags);
    },
  },
  {
    id: 'service-by-arn',
    fact: 'DescribeServices takes ARNs, and answers one that is not there with a failure that bears it',
    async run(ecs, name) {
      const { service } = await createService(ecs, name);
      const arn = String(service?.serviceArn);
      const command = new DescribeServicesCommand({ cluster: name, services: [arn, `${arn}-none`] });
      const { services, failures } = await ecs.send(command);
      expect(services).toMatchObject([{ serviceName: name }]);
      expect(failures).toMatchObject([{ arn: `${arn}-none`, reason: 'MISSING' }]);
    },
  },
  {
    id: 'service-some-missing',
    fact: 'DescribeServices by name answers what is there, and a failure whose ARN ends in the name of each that is not',
    async run(ecs, name) {
      await createService(ecs, name);
      const command = new DescribeServicesCommand({ cluster: name, services: [`${name}-none`, name] });
      const { services, failures } = await ecs.send(command);
      expect(services).toMatchObject([{ serviceName: name }]);
      expect(failures).toMatchObject([{ arn: expect.stringMatching(`/${name}-none$`), reason: 'MISSING' }]);
    },
  },
  {
    id: 'service-token-with-other-input',
    fact: 'CreateService with the same token and another input is refused as not idempotent',
    async run(ecs, name) {
      const { input } = await createService(ecs, name, { clientToken: 'same' });
      const again = ecs.send(new CreateServiceCommand({ ...input, desiredCount: 2 }));
      await expect(again).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: expect.stringMatching(/not idempotent/),
      });
    },
  },
  {
    id: 'service-of-inactive-definition',
    fact: 'CreateService refuses a revision that was deregistered',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const taskDefinition = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      const create = new CreateServiceCommand({ cluster: name, serviceName: name, taskDefinition, desiredCount: 0 });
      await expect(ecs.send(create)).rejects.toMatchObject({
        name: 'ClientException',
        message: expect.stringMatching(/inactive/i),
      });
    },
  },
  {
    id: 'service-primary-deployment',
    fact: 'the PRIMARY deployment shows the exact revision, its own id, and how the rollout goes',
    async run(ecs, name) {
      const { input } = await createService(ecs, name);
      const service = await describeService(ecs, name);
      expect(service?.taskDefinition).toBe(input.taskDefinition);
      expect(service?.deployments).toMatchObject([
        {
          id: expect.stringMatching(/^ecs-svc\/\d+$/),
          status: 'PRIMARY',
          taskDefinition: input.taskDefinition,
          rolloutState: expect.stringMatching(/^(?:IN_PROGRESS|COMPLETED)$/),
        },
      ]);
    },
  },
  {
    id: 'service-same-definition-no-deployment',
    fact: 'UpdateService with the definition that it has begins no deployment',
    async run(ecs, name) {
      const { input } = await createService(ecs, name);
      const before = await describeService(ecs, name);
      const { taskDefinition } = input;
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, taskDefinition }));
      expect(primaryIdOf(await describeService(ecs, name))).toBe(primaryIdOf(before));
    },
  },
  {
    id: 'service-forced-deployment',
    fact: 'forceNewDeployment begins a deployment with another id and the same definition',
    async run(ecs, name) {
      await createService(ecs, name);
      const before = await describeService(ecs, name);
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, forceNewDeployment: true }));
      const after = await describeService(ecs, name);
      expect(primaryIdOf(after)).not.toBe(primaryIdOf(before));
      expect(after?.taskDefinition).toBe(before?.taskDefinition);
    },
  },
  {
    id: 'service-configuration-is-no-deployment',
    fact: 'UpdateService with another deployment configuration begins no deployment, and keeps what it does not name',
    async run(ecs, name) {
      const deploymentConfiguration = { maximumPercent: 150, minimumHealthyPercent: 50 };
      await createService(ecs, name, { deploymentConfiguration });
      const before = await describeService(ecs, name);
      const change = { deploymentCircuitBreaker: { enable: true, rollback: true } };
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, deploymentConfiguration: change }));
      const after = await describeService(ecs, name);
      expect(after?.deploymentConfiguration).toMatchObject({ ...deploymentConfiguration, ...change });
      expect(primaryIdOf(after)).toBe(primaryIdOf(before));
    },
  },
  {
    id: 'service-list-cleared',
    fact: 'UpdateService keeps a list that it does not name, and clears one that it names as empty',
    async run(ecs, name) {
      const placementStrategy = [{ type: 'spread' as const, field: 'attribute:ecs.availability-zone' }];
      await createService(ecs, name, { placementStrategy });
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, desiredCount: 2 }));
      expect((await describeService(ecs, name))?.placementStrategy).toEqual(placementStrategy);
      await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, placementStrategy: [] }));
      expect((await describeService(ecs, name))?.placementStrategy).toEqual([]);
    },
  },
  {
    id: 'service-update-missing',
    fact: 'UpdateService of a service that is not there is a ServiceNotFoundException',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      const update = new UpdateServiceCommand({ cluster: name, service: name, desiredCount: 0 });
      expect(await errorOf(ecs.send(update))).toBe('ServiceNotFoundException');
    },
  },
  {
    id: 'service-delete-missing',
    fact: 'DeleteService of a service that is not there is a ServiceNotFoundException',
    async run(ecs, name) {
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      expect(await errorOf(ecs.send(new DeleteServiceCommand({ cluster: name, service: name })))).toBe(
        'ServiceNotFoundException',
      );
    },
  },
  {
    id: 'service-revision-described',
    fact: 'the revision that a service runs is named by it, and shows the definition and what the service is made of',
    async run(ecs, name) {
      const { service, input } = await createService(ecs, name);
      const arn = (await describeService(ecs, name))?.currentServiceRevisions?.[0]?.arn;
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [String(arn)] });
      const { serviceRevisions } = await ecs.send(command);
      expect(serviceRevisions).toMatchObject([
        { serviceRevisionArn: arn, serviceArn: service?.serviceArn, taskDefinition: input.taskDefinition },
      ]);
      expect(serviceRevisions?.[0]?.createdAt).toBeInstanceOf(Date);
    },
  },
  {
    id: 'service-deployment-described',
    fact: 'a service deployment tells its state and the revision that it rolls out',
    async run(ecs, name) {
      await createService(ecs, name);
      const list = new ListServiceDeploymentsCommand({ cluster: name, service: name });
      const arn = (await ecs.send(list)).serviceDeployments?.[0]?.serviceDeploymentArn;
      const describe = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [String(arn)] });
      const { serviceDeployments } = await ecs.send(describe);
      expect(serviceDeployments?.[0]?.status).toMatch(/^(?:PENDING|IN_PROGRESS|SUCCESSFUL)$/);
      expect(serviceDeployments?.[0]?.targetServiceRevision?.arn).toContain(`:service-revision/${name}/${name}/`);
    },
  },
  {
    id: 'service-listed',
    fact: 'ListServices lists long ARNs of what is ACTIVE, in pages',
    async run(ecs, name) {
      const { service, input } = await createService(ecs, name);
      const other = await ecs.send(new CreateServiceCommand({ ...input, serviceName: `${name}-2` }));
      const first = await ecs.send(new ListServicesCommand({ cluster: name, maxResults: 1 }));
      const { nextToken } = first;
      expect(nextToken).toBeDefined();
      const second = await ecs.send(new ListServicesCommand({ cluster: name, maxResults: 1, nextToken }));
      const arns = [...(first.serviceArns ?? []), ...(second.serviceArns ?? [])];
      expect(new Set(arns)).toEqual(new Set([service?.serviceArn, other.service?.serviceArn]));
      expect(arns).toHaveLength(2);
    },
  },
  {
    id: 'service-tasks-stopped',
    fact: 'ListTasks with desiredStatus STOPPED answers for a service that has no such tasks: none',
    async run(ecs, name) {
      await createService(ecs, name, { desiredCount: 0 });
      const list = new ListTasksCommand({ cluster: name, serviceName: name, desiredStatus: 'STOPPED' });
      expect((await ecs.send(list)).taskArns).toEqual([]);
    },
  },
  {
    id: 'service-tasks-of-none',
    fact: 'ListTasks of a service that is not there is a ServiceNotFoundException, and of a cluster likewise',
    async run(ecs, name) {
      const list = new ListTasksCommand({ cluster: name, serviceName: name, desiredStatus: 'STOPPED' });
      expect(await errorOf(ecs.send(list))).toBe('ClusterNotFoundException');
      await ecs.send(new CreateClusterCommand({ clusterName: name }));
      expect(await errorOf(ecs.send(list))).toBe('ServiceNotFoundException');
    },
  },
  {
    id: 'service-deleted-lingers',
    fact: 'a deleted service is described as INACTIVE with the time it was made, and is not listed',
    async run(ecs, name, patienceMs) {
      const { service } = await createService(ecs, name, { desiredCount: 0 });
      await ecs.send(new DeleteServiceCommand({ cluster: name, service: name }));
      await expect
        .poll(() => describeService(ecs, name), { timeout: patienceMs, interval: 100 })
        .toMatchObject({ status: 'INACTIVE', createdAt: service?.createdAt });
      expect((await ecs.send(new ListServicesCommand({ cluster: name }))).serviceArns).toEqual([]);
    },
  },
  {
    id: 'service-inactive-not-updated',
    fact: 'UpdateService of an INACTIVE service is refused with ServiceNotActiveException',
    async run(ecs, name, patienceMs) {
      await createService(ecs, name, { desiredCount: 0 });
      await ecs.send(new DeleteServiceCommand({ cluster: name, service: name }));
      const deleted = async () => (await describeService(ecs, name))?.status;
      await expect.poll(deleted, { timeout: patienceMs, interval: 100 }).toBe('INACTIVE');
      const update = new UpdateServiceCommand({ cluster: name, service: name, desiredCount: 1 });
      expect(await errorOf(ecs.send(update))).toBe('ServiceNotActiveException');
    },
  },
  {
    id: 'service-name-again',
    fact: 'the name of an INACTIVE service can be used again, and the new service is another',
    async run(ecs, name, patienceMs) {
      const { service, input } = await createService(ecs, name, { desiredCount: 0, clientToken: 'first' });
      await ecs.send(new DeleteServiceCommand({ cluster: name, service: name }));
      const deleted = async () => (await describeService(ecs, name))?.status;
      await expect.poll(deleted, { timeout: patienceMs, interval: 100 }).toBe('INACTIVE');
      const again = await ecs.send(new CreateServiceCommand({ ...input, clientToken: 'second' }));
      expect(again.service?.status).toBe('ACTIVE');
      expect(again.service?.createdAt).not.toEqual(service?.createdAt);
    },
  },
];
