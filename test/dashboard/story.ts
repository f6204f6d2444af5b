import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Cluster } from '../support/kubectl.ts';
import {
  asFile,
  BREAKER,
  clusterNamed,
  definitionOf,
  type StoryManifest,
  serviceNamed,
} from '../support/shop-objects.ts';
import type { Stack } from '../support/stack.ts';

export interface Stage {
  readonly cluster: Cluster;
  readonly stack: Stack;
}

/** Something that shows in the dashboard, after that share of the run. */
export interface Act {
  readonly after: number;
  readonly title: string;
  act(stage: Stage): Promise<unknown>;
}

const SERVICES = 24;
export const BROKEN_IMAGE = /broken/;

export const ACTS: readonly Act[] = [
  {
    after: 0,
    title: `a cluster and ${SERVICES} services are applied`,
    act: (stage) => apply(stage, [clusterNamed('shop'), ...shops(0, SERVICES, 'shop/web:1')]),
  },
  {
    after: 0.25,
    title: 'half of the services get a new image',
    act: (stage) => apply(stage, shops(0, SERVICES / 2, 'shop/web:2')),
  },
  {
    after: 0.4,
    title: 'somebody changes four services in ECS',
    act: ({ stack }) => Promise.all([12, 13, 14, 15].map((number) => scaleByHand(stack, nameOf(number)))),
  },
  { after: 0.55, title: 'the leader is killed', act: ({ stack }) => stack.restartOperator() },
  {
    after: 0.7,
    title: 'three services get an image that cannot be pulled',
    act: (stage) => apply(stage, shops(20, 23, 'shop/web:broken')),
  },
  { after: 0.85, title: 'they are mended', act: (stage) => apply(stage, shops(20, 23, 'shop/web:3')) },
];

function nameOf(number: number): string {
  return `web-${String(number).padStart(2, '0')}`;
}

function shops(from: number, to: number, image: string): readonly StoryManifest[] {
  const names = Array.from({ length: to - from }, (_, index) => nameOf(from + index));
  return names.flatMap((name) => [definitionOf(name, image), serviceNamed(name, BREAKER)]);
}

async function apply({ cluster, stack }: Stage, objects: readonly StoryManifest[]): Promise<void> {
  const args = ['apply', '--server-side', '--namespace', stack.namespace, '--filename=-'];
  const { code, stderr } = await cluster.kubectl(args, { input: asFile(...objects) });
  if (code !== 0) throw new Error(stderr);
}

async function scaleByHand({ ecs }: Stack, service: string): Promise<void> {
  await ecs.send(new UpdateServiceCommand({ cluster: 'shop', service, desiredCount: 5 }));
}
