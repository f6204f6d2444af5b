import { conditionOf } from '../../../src/runtime/reconcile/conditions.ts';
import { nameOf, RESYNC_MS, type Stage, type StageObject } from '../../support/operator-stage.ts';
import type { Story } from './stories.ts';

/** Where an object may come to rest, and what a person does about it. */
const AT_REST: Readonly<Record<string, string>> = {
  Rejected: "ECS's words say what to change",
  ImmutableField: 'the message names the field to put back',
  DeploymentFailed: "ECS's words and the tasks' say what to change",
  InUse: 'what still uses the capacity provider goes on without it',
  DependencyNotReady: 'the object that it refers to says more',
};

/** So does a rollout whose bounds leave ECS no room, until somebody changes them: its words say so. */
const NO_ROOM = /unable to stop or start tasks during a deployment because of the service deployment configuration/;

/** A refused write may be tried again within a resync, after pauses that double up to one. */
const MOST_TRIES = 5;
const MOST_RESYNCS = 24;

interface Unready {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

export interface Rest {
  readonly unready: readonly Unready[];
  readonly faults: readonly string[];
}

/** Applies the story, and waits until nobody is on the way any more. */
export async function bring(stage: Stage, story: Story): Promise<Rest> {
  stage.apply(...story);
  await stage.clock.advance(60_000);
  for (let resync = 0; resync < MOST_RESYNCS && restless(stage).length > 0; resync += 1) {
    await stage.clock.advance(RESYNC_MS);
  }
  stage.simulator.forgetCalls();
  await stage.clock.advance(RESYNC_MS);
  const writes = stage.simulator.writes().map(({ action }) => action);
  const unready = unreadyIn(stage);
  const isBusy = writes.length > (unready.length > 0 ? MOST_TRIES : 0);
  const busy = isBusy ? [`at rest ${writes.length} writes, ${[...new Set(writes)].join(', ')}`] : [];
  return { unready, faults: [...restless(stage).map((one) => `${inWords(one)} comes to no rest`), ...busy] };
}

/** What stands in the way where all are to come true. */
export function obstacles({ unready, faults }: Rest): readonly string[] {
  return [...unready.map(inWords), ...faults];
}

/** The same where what has come true before may have no room to come true again, as when another rollout is under way. */
export function obstaclesButRoom({ unready, faults }: Rest): readonly string[] {
  return obstacles({ unready: unready.filter(({ message }) => !NO_ROOM.test(message)), faults });
}

/** To either side, while another resync goes by; Events apart, which are told at a pace of their own. */
export async function writesIn({ clock, api, simulator }: Stage): Promise<readonly string[]> {
  const before = api.writes.length;
  simulator.forgetCalls();
  await clock.advance(RESYNC_MS);
  const kubernetes = api.writes
    .slice(before)
    .filter(({ resource }) => resource.plural !== 'events')
    .map(({ resource, subresource = 'object' }) => `${resource.plural} ${subresource}`);
  return [...simulator.writes().map(({ action }) => action), ...kubernetes];
}

function restless(stage: Stage): readonly Unready[] {
  return unreadyIn(stage).filter(({ reason, message }) => !(reason in AT_REST || NO_ROOM.test(message)));
}

function unreadyIn(stage: Stage): readonly Unready[] {
  return stage.objects().flatMap((object) => {
    const name = nameOf(object);
    if (stage.areReady(name)) return [];
    const reason = stage.stalledBy(name) ?? stage.unreadyBy(name) ?? 'not looked at';
    return [{ name, reason, message: messageOf(object) }];
  });
}

export function messageOf(object: StageObject | undefined): string {
  return conditionOf(object?.status.conditions, 'Ready')?.message ?? '';
}

export function inWords({ name, reason, message }: Unready): string {
  return `${name} ${reason} (${message})`;
}
