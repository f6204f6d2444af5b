import { describe, expect, inject, test } from 'vitest';
import { ecsTaskDefinitionDefinition } from '../../src/kinds/ecs-task-definition/definition.ts';
import { openJudge } from '../support/api-verdict.ts';
import { openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';

/** What ECS takes of one definition, by its quotas. */
const MAX_BYTES = 64 * 1024;
const MAX_CONTAINERS = 10;

const access = inject('cluster');
const cluster = connectCluster(access);

function many<T>(count: number, build: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => build(index));
}

const environment = (count: number) => many(count, (index) => ({ name: `E${index}`, value: 'x' }));
const secrets = (count: number) => many(count, (index) => ({ name: `S${index}`, valueFrom: `/s/${index}` }));
const ports = (count: number, from: number) =>
  many(count, (index) => ({ containerPort: from + index, name: `p${from + index}`, appProtocol: 'http' }));
const mounts = (count: number) => many(count, (index) => ({ sourceVolume: `v${index}`, containerPath: `/m/${index}` }));

/** Each is near the largest that ECS takes, in another direction. */
const LARGE = [
  {
    name: 'a thousand variables and five hundred secrets in one container',
    spec: {
      executionRoleArn: 'execution',
      containerDefinitions: [container(0, { environment: environment(1000), secrets: secrets(500) })],
    },
  },
  {
    name: 'as many variables and secrets in ten containers',
    spec: { executionRoleArn: 'execution', ...fleet(() => ({ environment: environment(100), secrets: secrets(50) })) },
  },
  {
    name: 'ports in ten containers',
    spec: { networkMode: 'awsvpc', ...fleet((index) => ({ portMappings: ports(85, 1000 + index * 100) })) },
  },
  {
    name: 'ports in one container',
    spec: { networkMode: 'awsvpc', containerDefinitions: [container(0, { portMappings: ports(300, 1000) })] },
  },
  {
    name: 'a hundred volumes in ten containers',
    spec: { volumes: many(100, (index) => ({ name: `v${index}` })), ...fleet(() => ({ mountPoints: mounts(100) })) },
  },
  {
    name: 'containers that all wait for those before them',
    spec: fleet((index) => ({
      dependsOn: many(index, (other) => ({ containerName: `c${other}`, condition: 'HEALTHY' })),
      healthCheck: { command: ['CMD', ...many(199, () => 'word')] },
      links: many(index, (other) => `c${other}:alias${other}`),
    })),
  },
  {
    name: 'words, labels and options',
    spec: fleet(() => ({
      command: many(250, () => 'word'),
      dockerLabels: Object.fromEntries(many(150, (index) => [`label-${index}`, 'value'])),
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': 'logs',
          'awslogs-region': 'eu-west-1',
          ...Object.fromEntries(many(20, (index) => [`o${index}`, 'x'])),
        },
      },
    })),
  },
];

function container(index: number, members: object): object {
  return { name: `c${index}`, image: 'example/large', memory: 128, ...members };
}

function fleet(members: (index: number) => object): { readonly containerDefinitions: readonly object[] } {
  return { containerDefinitions: many(MAX_CONTAINERS, (index) => container(index, members(index))) };
}

describe('the largest definitions that ECS takes', () => {
  test.for(LARGE)('fit what the API server spends on rules: $name', async ({ spec }) => {
    await using http = await openKubeHttp(access);
    await using namespace = await cluster.createNamespace('budget');
    const { group, version, kind } = ecsTaskDefinitionDefinition;
    const object = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'large' }, spec };

    const { message } = await openJudge(http, namespace.name).create(object);

    expect(message).toBe('');
    const bytes = JSON.stringify(spec).length;
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(bytes).toBeGreaterThan(MAX_BYTES / 4);
  });
});
