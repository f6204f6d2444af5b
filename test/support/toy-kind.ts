import type { Definition, Parser } from '../../src/core/definition.ts';
import type { Failure } from '../../src/core/failure.ts';
import type { CommonSpec, KindTypes, Location, ManagedKind } from '../../src/core/managed-kind.ts';
import { type Goal, isSameOwner, type Observation, type Owner, type Plan } from '../../src/core/plan.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { orAborted } from '../../src/lib/deadline.ts';
import { isPlainObject } from '../../src/lib/stable-json.ts';
import type { KubeObject, KubeResource } from '../../src/runtime/kube/kube-api.ts';
import type { QueuePriority } from '../../src/runtime/queue/work-queue.ts';
import type { Connection, Refusal, Registration } from '../../src/runtime/registration.ts';

/**
 * A kind for tests of the runtime: boxes with a size, in a world in memory. A box takes `growMs` to become what it is
 * told to be. Shelves are the same under another name; a box may stand on one.
 */
export interface ToySpec extends CommonSpec {
  readonly size: number;
  readonly shelfRef?: { readonly name: string };
}

interface ToyStatus {
  readonly size?: number;
  readonly shelf?: string;
  readonly label?: string;
  /** The write-ahead intent: the size that was asked for last. */
  readonly asked?: number;
  /** When a step was sent, for kinds that say so. */
  readonly sent?: { readonly at: string };
}

export type ToyStep =
  | { readonly call: 'CreateBox' | 'ResizeBox'; readonly name: string; readonly size: number; readonly owner: Owner }
  | { readonly call: 'AdoptBox'; readonly name: string; readonly owner: Owner }
  | { readonly call: 'DeleteBox' | 'ReleaseBox' | 'DustBox'; readonly name: string };

export interface ToyBox {
  size: number;
  owner: Owner | undefined;
  busyUntil: number;
  /** Asks for housekeeping: a box is as wished with dust on it. */
  isDusty?: boolean;
}

export interface ToyTypes extends KindTypes {
  spec: ToySpec;
  status: ToyStatus;
  address: { readonly name: string };
  desired: { readonly name: string; readonly size: number; readonly owner: Owner };
  removal: { readonly isRetained: boolean };
  state: ToyBox & { readonly isBusy: boolean };
  step: ToyStep;
  gateway: Pick<ToyWorld, 'read' | 'write'>;
}

export const TOY_GROUP = 'toys.test';
export const BOXES: KubeResource = { group: TOY_GROUP, version: 'v1', plural: 'boxes' };
export const SHELVES: KubeResource = { group: TOY_GROUP, version: 'v1', plural: 'shelves' };

/** What the next calls of a name fail with, and hooks around each write. */
export class ToyWorld {
  readonly boxes = new Map<string, ToyBox>();
  readonly writes: ToyStep[] = [];
  readonly reads: { readonly name: string; readonly at: number }[] = [];
  readonly failures: { readonly call: string; readonly failure: Failure; times: number }[] = [];
  growMs = 0;
  onRead: (name: string) => void | Promise<void> = () => undefined;
  onWrite: (step: ToyStep, when: 'before' | 'after') => void | Promise<void> = () => undefined;
  location: Location = { place: 'here' };
  /** Bars the way to the world while it is there. */
  refusal: Refusal | undefined;
  /** Judges the size that a box is about to have, where somebody does. */
  refusalOf: Connection<unknown>['refusalOf'];
  /** What each write waits for before it is sent, until the attempt behind it is superseded. */
  turn: (superseded: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  fail(call: string, failure: Failure, times = 1): void {
    this.failures.push({ call, failure, times });
  }

  async read(name: string, signal: AbortSignal): Promise<ToyTypes['state'] | undefined> {
    signal.throwIfAborted();
    this.reads.push({ name, at: this.#clock.now() });
    await orAborted(signal, async () => await this.onRead(name));
    await Promise.resolve();
    this.#strike('ReadBox');
    const box = this.boxes.get(name);
    return box && { ...box, isBusy: box.busyUntil > this.#clock.now() };
  }

  async write(step: ToyStep, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.onWrite(step, 'before');
    this.#strike(step.call);
    this.writes.push(step);
    this.#effect(step);
    await this.onWrite(step, 'after');
  }

  #strike(call: string): void {
    const fault = this.failures.find((one) => one.call === call && one.times > 0);
    if (fault === undefined) return;
    fault.times -= 1;
    throw fault.failure;
  }

  #effect(step: ToyStep): void {
    const box = this.boxes.get(step.name);
    const busyUntil = this.#clock.now() + this.growMs;
    switch (step.call) {
      case 'CreateBox':
        if (box !== undefined) throw new Error(`there are two boxes called ${step.name}`);
        this.boxes.set(step.name, { size: step.size, owner: step.owner, busyUntil });
        return;
      case 'ResizeBox':
        if (box !== undefined) Object.assign(box, { size: step.size, owner: step.owner, busyUntil });
        return;
      case 'AdoptBox':
        if (box !== undefined) box.owner = step.owner;
        return;
      case 'ReleaseBox':
        if (box !== undefined) box.owner = undefined;
        return;
      case 'DustBox':
        if (box !== undefined) box.isDusty = false;
        return;
      case 'DeleteBox':
        this.boxes.delete(step.name);
        return;
    }
  }
}

const ToySpecParser: Parser<ToySpec> = {
  safeParse(value) {
    if (isPlainObject(value) && typeof value['size'] === 'number')
      return { success: true, data: value as unknown as ToySpec };
    return { success: false, error: { issues: [{ path: ['size'], message: 'a number is required' }] } };
  },
};

export const BOX_KIND = createToyKind('Box', BOXES);
export const SHELF_KIND: ManagedKind<ToyTypes> = { ...createToyKind('Shelf', SHELVES), keptAliveBy: ['Box'] };

/** Priorities of the connections made, newest last. */
export function toyRegistration(
  kind: ManagedKind<ToyTypes>,
  world: ToyWorld,
  priorities: QueuePriority[] = [],
): Registration<ToyTypes> {
  return {
    kind,
    connect: ({ priority, superseded }) => {
      priorities.push(priority);
      const gateway: ToyTypes['gateway'] = {
        read: (name, signal) => world.read(name, signal),
        async write(step, signal) {
          await world.turn(superseded);
          await world.write(step, signal);
        },
      };
      return Promise.resolve(world.refusal ?? { gateway, location: world.location, refusalOf: world.refusalOf });
    },
  };
}

export function aBox(
  name: string,
  spec: Partial<ToySpec> = {},
  annotations?: Readonly<Record<string, string>>,
): KubeObject {
  return toy('Box', name, spec, annotations);
}

export function aShelf(name: string, spec: Partial<ToySpec> = {}): KubeObject {
  return toy('Shelf', name, spec);
}

function toy(
  kind: string,
  name: string,
  spec: Partial<ToySpec>,
  annotations?: Readonly<Record<string, string>>,
): KubeObject {
  return {
    apiVersion: `${TOY_GROUP}/v1`,
    kind,
    metadata: { name, namespace: 'play', ...(annotations && { annotations }) },
    spec: { size: 1, ...spec },
  };
}

function createToyKind(kind: string, resource: KubeResource): ManagedKind<ToyTypes> {
  return {
    definition: definitionOf(kind, resource),
    reasons: { Growing: { meaning: 'The box is not there yet.' }, TooBig: { meaning: 'No box is that big.' } },
    constants: ({ uid }) => ({ label: `toy ${uid}` }),
    references: ({ shelfRef }) => (shelfRef ? [{ path: 'spec.shelfRef', kind: 'Shelf', name: shelfRef.name }] : []),
    claims: () => [],
    locate: ({ metadata }) => ({ name: `${kind}/${metadata.namespace}/${metadata.name}` }),
    glance({ metadata, spec, status }) {
      if (spec.adoptionPolicy !== 'Adopt' || status.size !== undefined) return undefined;
      return {
        async read(gateway, signal) {
          const box = await gateway.read(`${kind}/${metadata.namespace}/${metadata.name}`, signal);
          return box === undefined ? {} : { size: box.size };
        },
      };
    },
    sweepGroup: () => 'the world',
    desire: ({ metadata, spec, owner }) => ({
      name: `${kind}/${metadata.namespace}/${metadata.name}`,
      size: spec.size,
      owner,
    }),
    removal: ({ spec }) => ({ isRetained: spec.deletionPolicy === 'Retain' }),
    async observe({ name }, _goal, gateway, signal) {
      const state = await gateway.read(name, signal);
      return state === undefined ? { exists: false } : { exists: true, state, owner: state.owner };
    },
    plan: (goal, observed) => planToy(goal, observed),
    foresee: ({ steps: [{ name, call }, ...rest], desired }) =>
      Promise.resolve({
        steps: [{ call, name, size: desired.size, owner: desired.owner }, ...rest],
        claims: [{ on: 'role', path: 'spec.size', name: `${desired.size}` }],
      }),
    isDestructive: ({ call }) => call === 'DeleteBox',
    apply: (step, gateway, signal) => gateway.write(step, signal),
    report: (object, _goal, observed) => ({
      status: {
        label: `toy ${object.metadata.uid}`,
        ...(observed.exists && { size: observed.state.size }),
        ...(object.status.asked !== undefined && { asked: object.status.asked }),
      },
      notices: [],
    }),
    releaseCommand: ({ name }) => `toys release ${name}`,
  };
}

function planToy(
  goal: Goal<ToyTypes['desired'], ToyTypes['removal']>,
  observed: Observation<ToyTypes['state']>,
): Plan<ToyStep, ToyStatus> {
  if (goal.want === 'absent') return planRemoval(goal.removal, observed);
  const { name, size, owner } = goal.desired;
  if (size > 1_000) return { verdict: 'refuse', reason: 'TooBig', message: 'size: at most 1000' };
  if (size === 666) return { verdict: 'refuse', reason: 'Unheard', message: 'a word in no catalogue' };
  const intents = { asked: size };
  if (!observed.exists) {
    const because = [{ path: 'size', wanted: size, found: undefined }];
    return { verdict: 'change', because, steps: [{ call: 'CreateBox', name, size, owner }], intents };
  }
  const { state } = observed;
  if (state.size !== size) {
    const because = [{ path: 'size', wanted: size, found: state.size }];
    return { verdict: 'change', because, steps: [{ call: 'ResizeBox', name, size, owner }], intents };
  }
  if (state.owner === undefined || !isSameOwner(state.owner, owner)) {
    const because = [{ path: 'tags[toys.test/owner]', wanted: owner.name, found: undefined }];
    return { verdict: 'change', because, steps: [{ call: 'AdoptBox', name, owner }] };
  }
  if (state.isBusy) return { verdict: 'wait', reason: 'Growing', message: 'the box grows', pollAfterMs: 2_000 };
  if (state.isDusty === true) {
    const because = [{ path: 'dust', wanted: undefined, found: 'some' }];
    return { verdict: 'change', because, steps: [{ call: 'DustBox', name }], isUpkeep: true };
  }
  return { verdict: 'in-sync' };
}

function planRemoval(
  { isRetained }: ToyTypes['removal'],
  observed: Observation<ToyTypes['state']>,
): Plan<ToyStep, ToyStatus> {
  if (!observed.exists) return { verdict: 'in-sync' };
  const name = boxName(observed.owner);
  const because = [{ path: 'size', wanted: undefined, found: observed.state.size }];
  return { verdict: 'change', because, steps: [{ call: isRetained ? 'ReleaseBox' : 'DeleteBox', name }] };
}

function boxName(owner: Owner | undefined): string {
  return `${owner?.kind}/${owner?.namespace}/${owner?.name}`;
}

function definitionOf(kind: string, { group, version, plural }: KubeResource): Definition<ToySpec, ToyStatus> {
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    scope: 'Namespaced',
    spec: ToySpecParser,
    status: { safeParse: (value) => ({ success: true, data: value as ToyStatus }) },
    check: ({ spec }) => (spec.size === 13 ? [{ path: 'spec.size', message: 'not 13' }] : []),
    printerColumns: [],
    description: 'A toy.',
  };
}
