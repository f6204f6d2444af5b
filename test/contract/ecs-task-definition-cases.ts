import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { type Case, CONTAINER, errorOf, register } from './ecs-case.ts';

export const TASK_DEFINITION_CASES: readonly Case[] = [
  {
    id: 'revision-each-time',
    fact: 'RegisterTaskDefinition makes a revision each time, equal content or not',
    async run(ecs, name) {
      expect(await register(ecs, name)).toMatch(/:1$/);
      expect(await register(ecs, name)).toMatch(/:2$/);
    },
  },
  {
    id: 'revision-defaults',
    fact: 'defaults are filled in: empty lists, cpu 0, essential',
    async run(ecs, name) {
      await register(ecs, name);
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      const [container] = taskDefinition?.containerDefinitions ?? [];
      expect(container).toMatchObject({ essential: true, environment: [], mountPoints: [], volumesFrom: [] });
      expect(container?.cpu).toBe(0);
    },
  },
  {
    id: 'family-means-newest-active',
    fact: 'DescribeTaskDefinition by family answers with the newest ACTIVE revision',
    async run(ecs, name) {
      await register(ecs, name, 'shop/app:1');
      const second = await register(ecs, name, 'shop/app:2');
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second }));
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      expect(taskDefinition?.revision).toBe(1);
    },
  },
  {
    id: 'deregistered-is-inactive',
    fact: 'a deregistered revision can still be described, as INACTIVE, and is listed as such',
    async run(ecs, name) {
      const arn = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
      const list = new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'INACTIVE' });
      expect(taskDefinition?.status).toBe('INACTIVE');
      expect((await ecs.send(list)).taskDefinitionArns).toEqual([arn]);
    },
  },
  {
    id: 'definition-missing',
    fact: 'an unknown definition is a ClientException, "Unable to describe task definition."',
    async run(ecs, name) {
      const asked = ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      await expect(asked).rejects.toMatchObject({
        name: 'ClientException',
        message: expect.stringMatching(/unable to describe task definition/i),
      });
    },
  },
  {
    id: 'tags-of-a-revision',
    fact: 'a revision is tagged and untagged without a new revision',
    async run(ecs, name) {
      const resourceArn = await register(ecs, name);
      const tags = [
        { key: 'team', value: 'shop' },
        { key: 'old', value: 'x' },
      ];
      await ecs.send(new TagResourceCommand({ resourceArn, tags }));
      await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['old'] }));
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] });
      const described = await ecs.send(command);
      expect(described.tags).toEqual([{ key: 'team', value: 'shop' }]);
      expect(described.taskDefinition?.revision).toBe(1);
    },
  },
  {
    id: 'revision-tags-on-request',
    fact: 'DescribeTaskDefinition shows the tags of the registration only where TAGS is included',
    async run(ecs, name) {
      const tags = [{ key: 'team', value: 'shop' }];
      await ecs.send(new RegisterTaskDefinitionCommand({ family: name, containerDefinitions: [CONTAINER], tags }));
      const without = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] });
      expect(without.tags ?? []).toEqual([]);
      expect((await ecs.send(command)).tags).toEqual(tags);
    },
  },
  {
    id: 'revision-never-again',
    fact: 'the number of a revision is not given again after it was deregistered',
    async run(ecs, name) {
      const taskDefinition = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      expect(await register(ecs, name)).toMatch(/:2$/);
    },
  },
  {
    id: 'deregistered-twice',
    fact: 'deregistering a second time leaves the revision INACTIVE, refused or not',
    async run(ecs, name) {
      const taskDefinition = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      const again = await errorOf(ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })));
      expect(again).toMatch(/^(?:none|ClientException|InvalidParameterException)$/);
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      expect(described.taskDefinition?.status).toBe('INACTIVE');
    },
  },
  {
    id: 'deletion-of-active-fails',
    fact: 'DeleteTaskDefinitions answers an ACTIVE revision with a failure, and leaves it as it is',
    async run(ecs, name) {
      const taskDefinition = await register(ecs, name);
      const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: [taskDefinition] });
      const { taskDefinitions, failures } = await ecs.send(command);
      expect(taskDefinitions ?? []).toEqual([]);
      expect(failures).toMatchObject([{ arn: taskDefinition }]);
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      expect(described.taskDefinition?.status).toBe('ACTIVE');
    },
  },
  {
    id: 'deletion-in-progress',
    fact: 'DeleteTaskDefinitions takes an INACTIVE revision, which is then neither ACTIVE nor INACTIVE',
    async run(ecs, name) {
      const taskDefinition = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      const command = new DeleteTaskDefinitionsCommand({ taskDefinitions: [taskDefinition] });
      const { taskDefinitions, failures } = await ecs.send(command);
      expect(failures ?? []).toEqual([]);
      expect(taskDefinitions).toMatchObject([{ taskDefinitionArn: taskDefinition, status: 'DELETE_IN_PROGRESS' }]);
      const inactive = new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'INACTIVE' });
      expect((await ecs.send(inactive)).taskDefinitionArns).toEqual([]);
    },
  },
  {
    id: 'deletion-of-eleven',
    fact: 'DeleteTaskDefinitions takes ten revisions and refuses eleven',
    async run(ecs, name) {
      const taskDefinitions = Array.from({ length: 11 }, (_, index) => `${name}:${index + 1}`);
      const command = new DeleteTaskDefinitionsCommand({ taskDefinitions });
      expect(await errorOf(ecs.send(command))).toBe('InvalidParameterException');
    },
  },
  {
    id: 'list-by-status',
    fact: 'ListTaskDefinitions lists ACTIVE revisions unless another status is asked for',
    async run(ecs, name) {
      const first = await register(ecs, name);
      const second = await register(ecs, name);
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: first }));
      const usual = new ListTaskDefinitionsCommand({ familyPrefix: name });
      const active = new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'ACTIVE' });
      expect((await ecs.send(usual)).taskDefinitionArns).toEqual([second]);
      expect((await ecs.send(active)).taskDefinitionArns).toEqual([second]);
    },
  },
  {
    id: 'list-of-one-family',
    fact: 'the familyPrefix of ListTaskDefinitions is the whole family, not the beginning of its name',
    async run(ecs, name) {
      const wanted = await register(ecs, name);
      await register(ecs, `${name}-other`);
      const list = new ListTaskDefinitionsCommand({ familyPrefix: name });
      expect((await ecs.send(list)).taskDefinitionArns).toEqual([wanted]);
    },
  },
  {
    id: 'list-of-no-family',
    fact: 'ListTaskDefinitions of a family that is not there is empty',
    async run(ecs, name) {
      const list = new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'ACTIVE' });
      expect((await ecs.send(list)).taskDefinitionArns).toEqual([]);
    },
  },
  {
    id: 'list-in-pages',
    fact: 'ListTaskDefinitions answers maxResults at most, with a token for the rest',
    async run(ecs, name) {
      const arns = [await register(ecs, name), await register(ecs, name), await register(ecs, name)];
      const seen: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await ecs.send(
          new ListTaskDefinitionsCommand({ familyPrefix: name, maxResults: 2, ...(nextToken && { nextToken }) }),
        );
        expect(page.taskDefinitionArns?.length).toBeLessThanOrEqual(2);
        seen.push(...(page.taskDefinitionArns ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      expect(seen.toSorted()).toEqual(arns.toSorted());
    },
  },
];
