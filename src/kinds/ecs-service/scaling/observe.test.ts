import type { PredictiveScalingMode, ScalableTarget, ScalingPolicy } from '@aws-sdk/client-application-auto-scaling';
import { describe, expect, test } from 'vitest';
import { anObject, aService, NOW, OWNER } from '../../../../test/support/ecs-service-builders.ts';
import { ownerTags } from '../../../api/ownership.ts';
import type { EcsGateway } from '../../../aws/gateway.ts';
import { Failure } from '../../../core/failure.ts';
import type { EcsServiceSpec, EcsServiceStatus } from '../schema.ts';
import { scalingRemoval, scalingWish } from './desire.ts';
import type { ScalingState } from './model.ts';
import { createObserveScaling, observeRemoval } from './observe.ts';

const AT = { cluster: 'shop', service: 'web', group: '' };
const ARN = 'arn:aws:application-autoscaling:eu-west-1:123456789012:scalable-target/1';
const TARGET: ScalableTarget = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
  MinCapacity: 1,
  MaxCapacity: 4,
  RoleARN: 'arn:role',
  CreationTime: new Date(0),
  ScalableTargetARN: ARN,
};
const OURS = Object.fromEntries(ownerTags(OWNER).map(({ key, value }) => [key, value]));
const THEIRS = { ...OURS, 'ecs-operator.dev/name': 'other' };
const SCALING = { minCapacity: 1, maxCapacity: 4 };
const KNOWN: Partial<EcsServiceStatus> = { desiredCount: 2, scaling: { scalableTargetArn: ARN } };

const KNOWN_THEIRS: Partial<EcsServiceStatus> = {
  desiredCount: 2,
  scaling: { scalableTargetArn: ARN, ownedElsewhere: true },
};

interface World {
  readonly target?: ScalableTarget | Failure;
  readonly policies?: readonly Partial<ScalingPolicy>[];
  readonly tags?: Readonly<Record<string, string>>;
}

function gatewayOf({ target, policies = [], tags }: World) {
  const reads: string[] = [];
  const absences: ('confirmed' | undefined)[] = [];
  const read = <Answer>(name: string, answer: Answer): Promise<Answer> => {
    reads.push(name);
    return answer instanceof Failure ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const gateway = {
    describeScalableTarget: (_id, _signal, absence) => {
      absences.push(absence);
      return read('target', target);
    },
    listScalingPolicies: () => read('policies', policies),
    listScheduledActions: () => read('actions', []),
    listScalableTargetTags: () => read('tags', tags ?? OURS),
    listScalingActivities: () => read('activities', []),
  } as Partial<EcsGateway> as EcsGateway;
  return { gateway, reads, absences };
}

const WATCHING = { managementPolicy: 'Observe' } as const;
const { signal } = new AbortController();

interface Look {
  readonly spec: Partial<EcsServiceSpec>;
  readonly status?: Partial<EcsServiceStatus>;
  readonly metadata?: { readonly generation?: number; readonly annotations?: Readonly<Record<string, string>> };
  readonly now?: number;
}

interface Seen {
  readonly reads: readonly string[];
  readonly absences: readonly ('confirmed' | undefined)[];
  readonly state: ScalingState | undefined;
}

/** Looks one after the other, with the count at 2, and what each of them reads. */
async function looksAt(world: World, looks: readonly Look[]) {
  const observeScaling = createObserveScaling();
  const { gateway, reads, absences } = gatewayOf(world);
  const seen: Seen[] = [];
  for (const { spec, status = {}, metadata = {}, now = NOW } of looks) {
    const object = anObject(spec, { status });
    const wish = scalingWish({ ...object, metadata: { ...object.metadata, ...metadata } }, AT, now);
    const state = wish && (await observeScaling(wish, aService({ desiredCount: 2 }), gateway, signal));
    seen.push({ reads: reads.splice(0), absences: absences.splice(0), state });
  }
  return seen;
}

async function look(world: World, spec: Partial<EcsServiceSpec>, status: Partial<EcsServiceStatus> = {}) {
  const [seen] = await looksAt(world, [{ spec, status }]);
  if (seen === undefined) throw new Error('nothing was looked at');
  return seen;
}

describe('a look at scaling', () => {
  test('is one read where nobody scales the service, whether the spec has a block or not', async () => {
    expect(await look({}, {})).toMatchObject({ reads: ['target'], state: undefined });
    expect(await look({}, { scaling: SCALING })).toMatchObject({ reads: ['target'], state: undefined });
  });

  test('is none at a daemon, which has no count', async () => {
    expect((await look({ target: TARGET }, { schedulingStrategy: 'DAEMON' })).reads).toEqual([]);
  });

  test('reads no tags of a target that is known and as it should be, and no activities while the count stands', async () => {
    const { reads, state } = await look({ target: TARGET }, { scaling: SCALING }, KNOWN);

    expect(reads).toEqual(['target', 'policies', 'actions']);
    expect(state?.ownership).toBe('ours');
  });

  test.for<{ name: string; spec: Partial<EcsServiceSpec>; status: Partial<EcsServiceStatus>; more: readonly string[] }>(
    [
      {
        name: 'whose it is, where nobody knows',
        spec: { scaling: SCALING },
        status: { desiredCount: 2 },
        more: ['tags'],
      },
      {
        name: 'whose it is, before a write',
        spec: { scaling: { ...SCALING, maxCapacity: 9 } },
        status: KNOWN,
        more: ['tags'],
      },
      {
        name: 'what happened, once the count has moved',
        spec: { scaling: SCALING },
        status: { ...KNOWN, desiredCount: 1 },
        more: ['activities'],
      },
    ],
  )('asks $name', async ({ spec, status, more }) => {
    const { reads } = await look({ target: TARGET }, spec, status);

    expect(reads).toEqual(['target', 'policies', 'actions', ...more]);
  });

  test.for([
    { name: 'nothing is stated', spec: {}, tags: THEIRS },
    { name: 'a block stands beside it', spec: { scaling: SCALING }, tags: {} },
    { name: 'it is nobody’s to adopt', spec: { scaling: SCALING, adoptionPolicy: 'Adopt' }, tags: THEIRS },
    { name: 'nothing is written', spec: { scaling: SCALING, ...WATCHING, adoptionPolicy: 'Adopt' }, tags: {} },
  ] as const)('asks whose a target is once in an hour where it is not ours and $name', async ({ spec, tags }) => {
    const looks = [0, 10, 50, 61].map((minute) => ({ spec, status: KNOWN_THEIRS, now: NOW + minute * 60_000 }));

    const seen = await looksAt({ target: TARGET, tags }, looks);

    expect(seen.map(({ reads }) => reads.includes('tags'))).toEqual([true, false, false, true]);
    expect(new Set(seen.map(({ state }) => state?.owner?.name)).size).toBe(1);
  });

  test.for([
    { name: 'the object changes', changes: [{ generation: 1 }, { generation: 2 }, { generation: 2 }] },
    { name: 'a look is asked for', changes: [{}, { annotations: { 'ecs-operator.dev/reconcile-at': '1' } }, {}] },
    { name: 'Flux asks for one', changes: [{}, { annotations: { 'reconcile.fluxcd.io/requestedAt': '1' } }, {}] },
  ])('asks again as soon as $name', async ({ changes }) => {
    const looks = changes.map((metadata) => ({ spec: { scaling: SCALING }, status: KNOWN_THEIRS, metadata }));

    const [first, second] = await looksAt({ target: TARGET, tags: {} }, looks);

    expect([first, second].map((seen) => seen?.reads.includes('tags'))).toEqual([true, true]);
  });

  test('asks each time where it adopts, as a write follows', async () => {
    const stated = { scaling: SCALING, adoptionPolicy: 'Adopt' } as const;
    const looks = [{}, stated, stated].map((spec) => ({ spec, status: KNOWN_THEIRS }));

    const seen = await looksAt({ target: TARGET, tags: {} }, looks);

    expect(seen.map(({ reads }) => reads.includes('tags'))).toEqual([true, true, true]);
  });

  test('asks each time while a target is so new that its tags may not show yet', async () => {
    const target = { ...TARGET, CreationTime: new Date(NOW - 30_000) };
    const looks = [0, 20, 40, 60].map((seconds) => ({ spec: { scaling: SCALING }, now: NOW + seconds * 1_000 }));

    const seen = await looksAt({ target, tags: {} }, looks);

    expect(seen.map(({ reads }) => reads.includes('tags'))).toEqual([true, true, true, false]);
  });

  test('asks nothing more of a target of ours where it only looks on, whatever differs', async () => {
    const spec = { scaling: { ...SCALING, maxCapacity: 9 }, ...WATCHING };

    expect((await look({ target: TARGET }, spec, KNOWN)).reads).toEqual(['target', 'policies', 'actions']);
  });

  test.for([
    { spec: { scaling: SCALING }, status: {}, absence: 'confirmed' },
    { spec: {}, status: KNOWN, absence: 'confirmed' },
    { spec: {}, status: {}, absence: undefined },
  ])('makes sure that a target is absent where it is to be made or taken away: $absence', async (row) => {
    expect((await look({}, row.spec, row.status)).absences).toEqual([row.absence]);
  });

  test('reads what hangs on a target of ours that nobody states any more, as it would go with it', async () => {
    expect((await look({ target: TARGET }, {}, KNOWN)).reads).toEqual(['target', 'tags', 'policies', 'actions']);
  });

  test.for([
    { tags: OURS, ownership: 'ours' },
    { tags: {}, ownership: 'nobody' },
    { tags: THEIRS, ownership: 'others' },
  ])('finds a target with the tags $tags to be $ownership', async ({ tags, ownership }) => {
    expect((await look({ target: TARGET, tags }, {})).state?.ownership).toBe(ownership);
  });

  test('may be forbidden to who never stated scaling, and only to them', async () => {
    const target = new Failure('AccessDenied', 'no');

    expect((await look({ target }, {})).state).toBeUndefined();
    await expect(look({ target }, { scaling: SCALING })).rejects.toThrow('no');
    await expect(look({ target }, {}, KNOWN)).rejects.toThrow('no');
  });
});

describe('the activities of a service', () => {
  const POLICY = { PolicyName: 'theirs', PolicyType: 'StepScaling' } as const;
  const steps = (ScalingAdjustment: number): Partial<ScalingPolicy> => ({
    ...POLICY,
    StepScalingPolicyConfiguration: { StepAdjustments: [{ ScalingAdjustment }] },
  });
  const forecast = (Mode: PredictiveScalingMode): Partial<ScalingPolicy> => ({
    ...POLICY,
    PredictiveScalingPolicyConfiguration: { MetricSpecifications: [], Mode },
  });
  const FULL = { ...TARGET, MaxCapacity: 2 };
  const spec = { scaling: SCALING, managementPolicy: 'Observe' } as const;
  const afterMinutes = (...minutes: readonly number[]): Look[] =>
    minutes.map((minute) => ({ spec, status: KNOWN, now: NOW + minute * 60_000 }));

  async function readingsOf(world: World, looks: readonly Look[]): Promise<readonly boolean[]> {
    return (await looksAt(world, looks)).map(({ reads }) => reads.includes('activities'));
  }

  test('are read again and again, but not often, while the count is at its most and may be wanted higher', async () => {
    const looks = afterMinutes(0, 1, 4, 5, 9, 15);

    expect(await readingsOf({ target: FULL, policies: [steps(1)] }, looks)).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  test.for<{ name: string; world: World; isRead: boolean }>([
    { name: 'a step that adds', world: { target: FULL, policies: [steps(-1), steps(1)] }, isRead: true },
    { name: 'a forecast that scales', world: { target: FULL, policies: [forecast('ForecastAndScale')] }, isRead: true },
    { name: 'only steps that take away', world: { target: FULL, policies: [steps(-1)] }, isRead: false },
    { name: 'a forecast alone', world: { target: FULL, policies: [forecast('ForecastOnly')] }, isRead: false },
    { name: 'no policy', world: { target: FULL }, isRead: false },
    { name: 'room for more', world: { target: TARGET, policies: [steps(1)] }, isRead: false },
    {
      name: 'a count at its least',
      world: { target: { ...TARGET, MinCapacity: 2 }, policies: [steps(1)] },
      isRead: false,
    },
  ])('are read with $name: $isRead', async ({ world, isRead }) => {
    expect(await readingsOf(world, afterMinutes(0))).toEqual([isRead]);
  });

  test.for([
    { status: 'InProgress', minutes: [0, 0.25, 0.5, 61, -60], read: [true, false, true, true, true] },
    { status: 'Pending', minutes: [0], read: [true] },
    { status: 'Successful', minutes: [0], read: [false] },
    { status: 'Failed', minutes: [0], read: [false] },
  ])(
    'that were $status are read again while that is no end, whatever the clock says',
    async ({ status, minutes, read }) => {
      const activities = [{ id: '1', status, startTime: new Date(NOW).toISOString() }];
      const scaling = { ...KNOWN.scaling, activities };
      const looks = afterMinutes(...minutes).map((one) => ({ ...one, status: { ...KNOWN, scaling } }));

      expect(await readingsOf({ target: TARGET }, looks)).toEqual(read);
    },
  );
});

describe('a look before a deletion', () => {
  test('always reads whose the target is, because it is about to be taken away', async () => {
    const { gateway, reads } = gatewayOf({ target: TARGET });
    const removal = scalingRemoval(anObject({ scaling: SCALING }, { status: KNOWN }), AT);

    expect(await observeRemoval(removal, gateway, signal)).toMatchObject({ ownership: 'ours' });
    expect(reads).toEqual(['target', 'tags']);
  });

  test('may be forbidden to who never stated scaling', async () => {
    const { gateway } = gatewayOf({ target: new Failure('AccessDenied', 'no') });

    expect(await observeRemoval(scalingRemoval(anObject(), AT), gateway, signal)).toBeUndefined();
    await expect(observeRemoval(scalingRemoval(anObject({ scaling: SCALING }), AT), gateway, signal)).rejects.toThrow(
      'no',
    );
  });
});
