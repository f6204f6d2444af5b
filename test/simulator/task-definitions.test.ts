import type { ContainerDefinition, RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});

const CONTAINER: ContainerDefinition = { name: 'app', image: 'app:1', memory: 128 };

async function register(
  container: Partial<ContainerDefinition> = {},
  input: Partial<RegisterTaskDefinitionCommandInput> = {},
): Promise<TaskDefinition> {
  const { taskDefinition } = await shop.ecs.registerTaskDefinition({
    family: 'app',
    containerDefinitions: [{ ...CONTAINER, ...container }],
    ...input,
  });
  return taskDefinition ?? {};
}

const FARGATE = { requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' } as const;

function onFargate(
  more: Partial<RegisterTaskDefinitionCommandInput> = {},
): Partial<RegisterTaskDefinitionCommandInput> {
  return { ...FARGATE, requiresCompatibilities: ['FARGATE'], ...more };
}

describe('RegisterTaskDefinition fills in', () => {
  test('the lists and numbers that every answer has, because comparisons must see through them', async () => {
    const definition = await register();

    expect(definition).toMatchObject({ networkMode: 'bridge', volumes: [], placementConstraints: [] });
    expect(definition.containerDefinitions?.[0]).toEqual({
      ...CONTAINER,
      cpu: 0,
      essential: true,
      environment: [],
      portMappings: [],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    });
  });

  test.for([
    ['the container port in awsvpc', 'it is the only one there', 'awsvpc', undefined, 80],
    ['the container port in host', 'it is the only one there', 'host', undefined, 80],
    ['0 in bridge', 'the port is dynamic', 'bridge', undefined, 0],
    ['nothing over a stated port', 'it was stated', 'bridge', 8080, 8080],
  ] as const)('%s, because %s', async ([, , networkMode, hostPort, expected]) => {
    const portMappings = [{ containerPort: 80, ...(hostPort !== undefined && { hostPort }) }];
    const definition = await register({ portMappings }, { networkMode });

    expect(definition.containerDefinitions?.[0]?.portMappings).toEqual([
      { containerPort: 80, hostPort: expected, protocol: 'tcp' },
    ]);
  });

  test('a health check, volumes and roles in full, because ECS answers them so', async () => {
    const definition = await register(
      { healthCheck: { command: ['CMD', 'true'] } },
      {
        taskRoleArn: 'app',
        volumes: [{ name: 'scratch' }, { name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
      },
    );

    expect(definition.containerDefinitions?.[0]?.healthCheck).toEqual({
      command: ['CMD', 'true'],
      interval: 30,
      timeout: 5,
      retries: 3,
    });
    expect(definition.volumes).toEqual([
      { name: 'scratch', host: {} },
      { name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } },
    ]);
    expect(definition.taskRoleArn).toBe('arn:aws:iam::123456789012:role/app');
  });

  test('one spelling of sizes, because vCPU and GB are another way to say them', async () => {
    expect(await register({}, { cpu: '.25 vCPU', memory: '1GB' })).toMatchObject({ cpu: '256', memory: '1024' });
  });

  test('where it can run, which is more than what was asked, because the two must not be confused', async () => {
    const definition = await register({}, onFargate());

    expect(definition.requiresCompatibilities).toEqual(['FARGATE']);
    expect(definition.networkMode).toBe('awsvpc');
    expect(definition.compatibilities).toEqual(['EC2', 'FARGATE', 'MANAGED_INSTANCES']);
    expect(definition.requiresAttributes).toContainEqual({ name: 'ecs.capability.task-eni' });
  });
});

const PORT = { containerPort: 80, hostPort: 80 };

const LOGS = { logDriver: 'awslogs', options: { 'awslogs-group': 'a', 'awslogs-region': 'b' } } as const;

type Row = [string, Partial<ContainerDefinition>, Partial<RegisterTaskDefinitionCommandInput>, RegExp];

describe('RegisterTaskDefinition refuses', () => {
  test.for<Row>([
    ['no containers', {}, { containerDefinitions: [] }, /Container list cannot be empty/],
    ['a container without an image', { image: '' }, {}, /image should not be null or empty/],
    ['no memory anywhere', { memory: undefined }, {}, /At least one of 'memory' or 'memoryReservation'/],
    ['no essential container', { essential: false }, {}, /at least one essential container/],
    ['a name that is taken', {}, { containerDefinitions: [CONTAINER, CONTAINER] }, /not unique/],
    ['an unknown volume', { mountPoints: [{ sourceVolume: 'x', containerPath: '/x' }] }, {}, /Unknown volume 'x'/],
    ['an unknown dependency', { dependsOn: [{ containerName: 'x', condition: 'START' }] }, {}, /unknown 'x'/],
    ['a circle', { dependsOn: [{ containerName: 'app', condition: 'START' }] }, {}, /circle/],
    [
      'a health check out of bounds',
      { healthCheck: { command: ['CMD', 'true'], interval: 1 } },
      {},
      /interval must be 5 to 300/,
    ],
    [
      'another host port in awsvpc',
      { portMappings: [{ containerPort: 80, hostPort: 81 }] },
      { networkMode: 'awsvpc' },
      /must match/,
    ],
    ['a hostname in awsvpc', { hostname: 'app' }, { networkMode: 'awsvpc' }, /hostname or extraHosts/],
    ['a host port twice', { portMappings: [PORT, PORT] }, {}, /which is taken/],
    ['a port without a network', { portMappings: [PORT] }, { networkMode: 'none' }, /none has no ports/],
    ['a secret named as a variable', secretAndVariable(), {}, /secret name must be unique/],
    ['more cpu than the task has', { cpu: 512 }, { cpu: '256', memory: '512' }, /total cpu/],
    ['Fargate without a size', {}, { requiresCompatibilities: ['FARGATE'] }, /'cpu' be defined at the task level/],
    ['Fargate of an odd size', {}, onFargate({ memory: '9999' }), /No Fargate configuration exists/],
    ['Fargate in bridge', {}, onFargate({ networkMode: 'bridge' }), /only supports network mode/],
    ['Fargate with privileges', { privileged: true }, onFargate(), /does not support privileged/],
    ['Fargate logs without a role', { logConfiguration: { ...LOGS } }, onFargate(), /execution role ARN/],
    ['more than 64 KiB', { command: ['x'.repeat(65_536)] }, {}, /exceeds the limit/],
  ])('%s, because ECS does', async ([, container, input, message]) => {
    const refused = register(container, input);

    await expect(refused).rejects.toMatchObject({
      name: 'ClientException',
      message: expect.stringMatching(message) as unknown,
    });
  });
});

function secretAndVariable(): Partial<ContainerDefinition> {
  return { environment: [{ name: 'A', value: '1' }], secrets: [{ name: 'A', valueFrom: 'arn:x' }] };
}

describe('a family', () => {
  test('never gives a number twice, because a revision is what people refer to', async () => {
    const { taskDefinitionArn } = await register();
    await shop.ecs.deregisterTaskDefinition({ taskDefinition: taskDefinitionArn });
    await shop.ecs.deleteTaskDefinitions({ taskDefinitions: [taskDefinitionArn ?? ''] });
    await shop.pass(600_000);

    expect((await register()).revision).toBe(2);
    await expect(shop.ecs.describeTaskDefinition({ taskDefinition: 'app:1' })).rejects.toMatchObject({
      name: 'ClientException',
      message: 'Unable to describe task definition.',
    });
  });

  test('is listed whole by its exact name, newest first if asked, because prefixes of others are not it', async () => {
    for (let at = 0; at < 11; at += 1) await register();
    await register({}, { family: 'app-two' });

    const { taskDefinitionArns } = await shop.ecs.listTaskDefinitions({ familyPrefix: 'app', sort: 'DESC' });
    const { families } = await shop.ecs.listTaskDefinitionFamilies({ familyPrefix: 'app' });

    expect(taskDefinitionArns).toHaveLength(11);
    expect(taskDefinitionArns?.[0]).toMatch(/\/app:11$/);
    expect(families).toEqual(['app', 'app-two']);
  });

  test('shows tags only where they are asked for, because ECS does so', async () => {
    await register({}, { tags: [{ key: 'team', value: 'a' }] });

    const plain = await shop.ecs.describeTaskDefinition({ taskDefinition: 'app' });
    const whole = await shop.ecs.describeTaskDefinition({ taskDefinition: 'app', include: ['TAGS'] });

    expect([plain.tags, whole.tags]).toEqual([[], [{ key: 'team', value: 'a' }]]);
  });
});

describe('DeregisterTaskDefinition', () => {
  test('wants a revision and leaves it to be described, because services may still run it', async () => {
    await register();

    await expect(shop.ecs.deregisterTaskDefinition({ taskDefinition: 'app' })).rejects.toMatchObject({
      message: 'Revision is missing.',
    });
    const { taskDefinition } = await shop.ecs.deregisterTaskDefinition({ taskDefinition: 'app:1' });

    expect(taskDefinition?.status).toBe('INACTIVE');
    expect(taskDefinition?.deregisteredAt).toBeInstanceOf(Date);
    expect((await shop.ecs.listTaskDefinitions({ familyPrefix: 'app' })).taskDefinitionArns).toEqual([]);
  });
});

describe('DeleteTaskDefinitions', () => {
  test('tells of an ACTIVE revision as a failure, because it has to be deregistered first', async () => {
    await register();

    const { taskDefinitions, failures } = await shop.ecs.deleteTaskDefinitions({ taskDefinitions: ['app:1', 'app:9'] });

    expect(taskDefinitions).toEqual([]);
    expect(failures?.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/still in ACTIVE status/),
      expect.stringMatching(/identifier is invalid/),
    ]);
  });

  test('waits while a service runs the revision, because its tasks are started from it', async () => {
    await shop.create();
    const { taskDefinition = '' } = await shop.see();
    await shop.ecs.deregisterTaskDefinition({ taskDefinition });
    await shop.ecs.deleteTaskDefinitions({ taskDefinitions: [taskDefinition] });

    await shop.pass(600_000);
    const described = await shop.ecs.describeTaskDefinition({ taskDefinition });

    expect(described.taskDefinition?.status).toBe('DELETE_IN_PROGRESS');
    const arns = await shop.ecs.listTaskDefinitions({ status: 'DELETE_IN_PROGRESS' });
    expect(arns.taskDefinitionArns).toEqual([taskDefinition]);
  });

  test('takes ten, because that is the size of a batch', async () => {
    const taskDefinitions = Array.from({ length: 11 }, (_, at) => `app:${at + 1}`);

    await expect(shop.ecs.deleteTaskDefinitions({ taskDefinitions })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
