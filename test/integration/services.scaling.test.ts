import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { soundAlarm } from '../simulator/scaling/step-scaling.ts';
import { putLoad } from '../simulator/scaling/target-tracking.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';
import { asFile, clusterNamed, definitionOf, type StoryManifest, serviceNamed } from '../support/shop-objects.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { condition, type Story, tellStory } from '../support/story.ts';
import { waitFor } from '../support/wait-for.ts';

const access = inject('cluster');
const kubernetes = connectCluster(access);
/** A minute of the simulator is half a second: target tracking takes a second and a half to add tasks, and eight to remove them. */
const SPEED = 120;
const CPU = 50;
const GUIDE = join(import.meta.dirname, '..', '..', 'docs', 'guides', 'auto-scaling.md');

let http: KubeHttp;
let stack: Stack;
let story: Story;

beforeAll(async () => {
  http = await openKubeHttp(access);
  // Looks by the clock are what brings a count that somebody else has changed into status.
  const environment = { ECS_OPERATOR_RESYNC_INTERVAL: '2s' };
  stack = await startStack({ cluster: kubernetes, speed: SPEED, environment });
  story = tellStory(kubernetes, stack);
  await story.apply(clusterNamed('shop'));
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await http[Symbol.asyncDispose]();
});

beforeEach(() => {
  stack.simulator.forgetCalls();
});

function service(name: string, spec: object): StoryManifest {
  const { desiredCount: _, ...rest } = serviceNamed(name).spec;
  return { ...serviceNamed(name), spec: { ...rest, ...spec } };
}

const CPU_POLICY = {
  name: 'cpu',
  policyType: 'TargetTrackingScaling',
  targetTrackingScalingPolicyConfiguration: {
    targetValue: CPU,
    predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  },
};

function scaledFile(name: string, scaling: object = {}): string {
  const block = { minCapacity: 2, maxCapacity: 10, policies: [CPU_POLICY], ...scaling };
  return asFile(definitionOf(name, `shop/${name}:1`), service(name, { scaling: block }));
}

function idOf(name: string): string {
  return `service/shop/${name}`;
}

/** A load that takes so many tasks of the service. */
function loadFor(name: string, tasks: number): void {
  putLoad(stack.simulator.world, idOf(name), () => tasks * CPU);
}

async function countIs(name: string, count: number): Promise<void> {
  const is = ({ status }: { status: Record<string, unknown> }): boolean =>
    status['desiredCount'] === count && status['runningCount'] === count;
  await story.until(`ecsservice/${name}`, `at ${count} tasks`, is, 60_000);
}

function writesOf(name: string): readonly string[] {
  return stack.simulator
    .writes()
    .filter(({ input }) => input['service'] === name || input['ResourceId'] === idOf(name))
    .map(({ action }) => action);
}

describe('a scaled service', () => {
  test('goes from 2 to 9 and back under load while its manifest is applied each second: no UpdateService, no conflict, always Ready', async () => {
    await story.apply(scaledFile('web'));
    await story.ready('ecsservice/web');
    stack.simulator.forgetCalls();
    const unready: string[] = [];
    const over = new AbortController();

    async function applyEachSecond(): Promise<number> {
      let count = 0;
      for (; !over.signal.aborted; count += 1) {
        await story.apply(scaledFile('web'));
        const ready = condition(await story.get('ecsservice/web'), 'Ready');
        if (ready?.status !== 'True') unready.push(`${ready?.reason}: ${ready?.message}`);
        await sleep(1_000);
      }
      return count;
    }

    const applying = applyEachSecond();
    await countIs('web', 2);
    loadFor('web', 9);
    await countIs('web', 9);
    loadFor('web', 2);
    await countIs('web', 2);
    over.abort();

    expect(await applying).toBeGreaterThan(5);
    expect(unready).toEqual([]);
    expect(writesOf('web')).toEqual([]);
  });

  test('tells its activities as Events and in status, for kubectl describe', async () => {
    await story.apply(scaledFile('told'));
    await story.ready('ecsservice/told');
    loadFor('told', 4);
    await countIs('told', 4);

    const reasons = async (): Promise<readonly string[]> => await story.eventReasons('ecsservice/told');
    await waitFor('the Event', reasons, (all) => all.includes('ScalingActivity'), { operator: stack.operator });
    const described = await story.kubectl('describe', 'ecsservice/told');

    expect(described).toContain('Setting desired count to 4.');
    expect(described).toMatch(/ScalingActivity .*triggered policy ecs-operator\.cpu/);
  });

  test('shows that a forecast only forecasts, and the ARN of an alarm by which others can find it', async () => {
    const predefinedMetricPairSpecification = { predefinedMetricType: 'ECSServiceCPUUtilization' };
    const forecast = {
      name: 'forecast',
      policyType: 'PredictiveScaling',
      predictiveScalingPolicyConfiguration: {
        mode: 'ForecastOnly',
        metricSpecifications: [{ targetValue: CPU, predefinedMetricPairSpecification }],
      },
    };
    await story.apply(scaledFile('seen', { policies: [CPU_POLICY, forecast] }));
    await story.ready('ecsservice/seen');

    const read = (path: string): Promise<string> =>
      story.kubectl('get', 'ecsservice/seen', `--output=jsonpath={.status.scaling.policies[?${path}}`);

    expect(await read('(@.name=="ecs-operator.forecast")].mode')).toBe('ForecastOnly');
    expect(await read('(@.name=="ecs-operator.cpu")].alarms[0].arn')).toMatch(/^arn:aws:cloudwatch:.*AlarmHigh/);
    expect(await story.kubectl('describe', 'ecsservice/seen')).toMatch(/Mode: +ForecastOnly/);
  });

  test('takes a step when an alarm fires that somebody has given the ARN by the command of the guide', async () => {
    const overflow = {
      name: 'overflow',
      policyType: 'StepScaling',
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 3 }],
      },
    };
    await story.apply(scaledFile('stepped', { policies: [overflow] }));
    await story.ready('ecsservice/stepped');
    const [, path = ''] = /--output=jsonpath='(.+overflow.+)'/.exec(await readFile(GUIDE, 'utf8')) ?? [];
    stack.simulator.forgetCalls();

    const policyArn = await story.kubectl('get', 'ecsservice/stepped', `--output=jsonpath=${path}`);
    soundAlarm(stack.simulator.world, { name: 'theirs', policyArn, breach: 5 });
    await countIs('stepped', 5);
    const words = /ScalingActivity .*alarm theirs in state ALARM triggered policy ecs-operator\.overflow/;
    const read = async (): Promise<string> => await story.kubectl('describe', 'ecsservice/stepped');
    await waitFor('the step in kubectl describe', read, (told) => words.test(told), { operator: stack.operator });

    expect(writesOf('stepped')).toEqual([]);
  });

  test('keeps the lower range that its schedule has set, and is suspended and resumed by the spec', async () => {
    const schedule = { name: 'often', schedule: 'rate(30 minutes)', scalableTargetAction: { minCapacity: 1 } };
    await story.apply(scaledFile('night', { scheduledActions: [schedule] }));
    await story.until('ecsservice/night', 'scaled by schedule', ({ status }) => minOf(status) === 1);
    stack.simulator.forgetCalls();
    await story.look('ecsservice/night');
    await story.ready('ecsservice/night');
    const silent = writesOf('night');
    const described = await story.kubectl('describe', 'ecsservice/night');

    await story.patch('ecsservice/night', {
      spec: { scaling: { suspendedState: { scheduledScalingSuspended: true } } },
    });
    await story.until('ecsservice/night', 'suspended', ({ status }) =>
      suspendedOf(status).includes('ScheduledScaling'),
    );
    const suspended = await story.kubectl('describe', 'ecsservice/night');
    await story.patch('ecsservice/night', { spec: { scaling: { suspendedState: null } } });
    await story.until('ecsservice/night', 'resumed', ({ status }) => suspendedOf(status).length === 0);

    expect(silent).toEqual([]);
    expect(described).toMatch(/Min Capacity: +1\b/);
    expect(suspended).toMatch(/Suspended:\n +ScheduledScaling/);
  });

  test('leaves nothing behind when it is deleted', async () => {
    await story.apply(scaledFile('brief'));
    await story.ready('ecsservice/brief');
    stack.simulator.forgetCalls();

    await story.remove('ecsservice/brief');
    await story.gone('ecsservice/brief');

    expect(stack.simulator.world.scaling.targets.has(idOf('brief'))).toBe(false);
    expect(writesOf('brief')[0]).toBe('DeregisterScalableTarget');
  });

  test.for([
    { name: 'desiredCount beside it', spec: { desiredCount: 2 }, words: /both own the count: take one out/ },
    {
      name: 'a daemon',
      spec: { schedulingStrategy: 'DAEMON', launchType: 'EC2' },
      words: /take scaling out, or use REPLICA/,
    },
    { name: 'min over max', scaling: { minCapacity: 11 }, words: /minCapacity is over maxCapacity/ },
    {
      name: 'two policies of one name',
      scaling: {
        policies: [1, 2].map((targetValue) => ({
          name: 'cpu',
          policyType: 'TargetTrackingScaling',
          targetTrackingScalingPolicyConfiguration: {
            targetValue,
            predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          },
        })),
      },
      words: /duplicate entries for key \[name="cpu"\]/,
    },
  ])('is refused with $name, and told what to write instead', async ({ spec = {}, scaling = {}, words }) => {
    const block = { minCapacity: 2, maxCapacity: 10, ...scaling };

    await expect(story.apply(service('odd', { scaling: block, ...spec }))).rejects.toThrow(words);
  });

  test('is refused with two policies of one name where it is created as well, and told which', async () => {
    const { apiVersion, kind, metadata, spec } = service('twins', {
      scaling: { minCapacity: 2, maxCapacity: 10, policies: [CPU_POLICY, CPU_POLICY] },
    });
    const path = `/apis/${apiVersion}/namespaces/${stack.namespace}/ecsservices`;

    const { code, body } = await http.send({ method: 'POST', path, body: { apiVersion, kind, metadata, spec } });

    expect(code).toBe(422);
    expect(body).toMatchObject({
      message: expect.stringMatching(/spec\.scaling\.policies\[1\]: Duplicate value: .*"?name"?:"?cpu"?/) as string,
    });
  });

  test('says in AWS’s words what only AWS knows to be wrong, and rolls out all the same', async () => {
    const odd = { name: 'odd', schedule: 'cron(0 25 * * ? *)', scalableTargetAction: { minCapacity: 3 } };
    await story.apply(scaledFile('odd', { scheduledActions: [odd] }));

    const stalled = await story.stalled('ecsservice/odd', 'Rejected');

    expect(condition(stalled, 'Stalled')?.message).toContain('Invalid schedule expression: cron(0 25 * * ? *)');
    await countIs('odd', 2);
  });
});

function minOf({ scaling }: Readonly<Record<string, unknown>>): unknown {
  return typeof scaling === 'object' && scaling !== null && 'minCapacity' in scaling ? scaling.minCapacity : undefined;
}

function suspendedOf({ scaling }: Readonly<Record<string, unknown>>): readonly unknown[] {
  const found = typeof scaling === 'object' && scaling !== null && 'suspended' in scaling ? scaling.suspended : [];
  return Array.isArray(found) ? found : [];
}

describe('a service without scaling', () => {
  test('hands its count over to the autoscaler by the command of the guide', async () => {
    await story.apply(asFile(definitionOf('handed', 'shop/handed:1'), serviceNamed('handed')));
    await story.ready('ecsservice/handed');
    const guide = await readFile(GUIDE, 'utf8');
    const [, patch = ''] = /kubectl patch ecsservice\/web --type=json --patch='(.+)'/.exec(guide) ?? [];

    await story.kubectl('patch', 'ecsservice/handed', '--type=json', `--patch=${patch}`);
    await story.ready('ecsservice/handed');

    expect(stack.simulator.world.scaling.targets.get(idOf('handed'))?.target).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 20,
    });
    await countIs('handed', 2);
  });

  test('cannot be scaled from Kubernetes once it states scaling, so that the count has one owner', async () => {
    await story.apply(scaledFile('owned'));
    await story.ready('ecsservice/owned');

    await expect(story.kubectl('scale', 'ecsservice/owned', '--replicas=5')).rejects.toThrow(/both own the count/);
  });
});
