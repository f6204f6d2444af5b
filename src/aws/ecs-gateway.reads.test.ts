import { describe, expect, test } from 'vitest';
import { type ConnectedGateway, connectGateway } from '../../test/support/connected-gateway.ts';

const { signal } = new AbortController();

const GONE_DEPLOYMENT = 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/shop/gone/0123456789abcdef01234';

async function withServices(count: number): Promise<ConnectedGateway & { readonly names: readonly string[] }> {
  const gateway = await connectGateway();
  const { simulator } = gateway;
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  await simulator.call('CreateCluster', { clusterName: 'shop' });
  await gateway.register('web');
  for (const serviceName of names) {
    await simulator.call('CreateService', { cluster: 'shop', serviceName, taskDefinition: 'web', desiredCount: 1 });
  }
  simulator.forgetCalls();
  return { ...gateway, names };
}

describe('reads of single resources', () => {
  test('travel together, ten services of a cluster a call, because quotas count calls', async () => {
    const { connection, within, calls, batches, names } = await withServices(12);
    const ecs = connection.gateway('urgent');

    const found = await within(Promise.all(names.map((name) => ecs.describeService('shop', name, signal))));

    expect(found.map((service) => service?.serviceName)).toEqual(names);
    expect(calls()).toEqual(['DescribeServices', 'DescribeServices']);
    expect(batches.toSorted()).toEqual(['DescribeServices 10', 'DescribeServices 2']);
  });

  test('of service deployments and revisions do so too, twenty a call', async () => {
    const { connection, within, batches, names } = await withServices(21);
    const ecs = connection.gateway('urgent');
    const briefs = await within(Promise.all(names.map((name) => ecs.listServiceDeployments('shop', name, signal))));
    const arns = briefs.map(([newest]) => String(newest?.serviceDeploymentArn));

    const found = await within(Promise.all(arns.map((arn) => ecs.describeServiceDeployment(arn, signal))));
    const targets = briefs.map(([newest]) => String(newest?.targetServiceRevisionArn));
    await within(Promise.all(targets.map((arn) => ecs.describeServiceRevision(arn, signal))));

    expect(found.map((deployment) => deployment?.serviceDeploymentArn)).toEqual(arns);
    expect(batches.toSorted()).toEqual([
      'DescribeServiceDeployments 1',
      'DescribeServiceDeployments 20',
      'DescribeServiceRevisions 1',
      'DescribeServiceRevisions 20',
    ]);
  });

  test('of a service revision are made once, and again only once its service has left it behind', async () => {
    const { connection, register, simulator, within, calls } = await withServices(1);
    const ecs = connection.gateway('sweep');
    const arns: string[] = [];
    for (const taskDefinition of ['a', 'b', 'c', 'd', 'e']) {
      await register(taskDefinition);
      await simulator.call('UpdateService', { cluster: 'shop', service: 'service-0', taskDefinition });
      const [newest] = await within(ecs.listServiceDeployments('shop', 'service-0', signal));
      arns.push(String(newest?.targetServiceRevisionArn));
    }
    const read = async (index: number): Promise<readonly string[]> => {
      calls();
      await within(ecs.describeServiceRevision(String(arns[index]), signal));
      return calls();
    };
    for (const index of arns.keys()) await read(index);

    expect(await read(1)).toEqual([]);
    expect(await read(4)).toEqual([]);
    expect(await read(0)).toEqual(['DescribeServiceRevisions']);
  });

  test('of different clusters do not, because a call names one', async () => {
    const { connection, within, calls } = await withServices(1);
    const ecs = connection.gateway('urgent');

    const found = await within(
      Promise.all([ecs.describeService('shop', 'service-0', signal), ecs.describeService('gone', 'web', signal)]),
    );

    expect(found.map((service) => service?.serviceName)).toEqual(['service-0', undefined]);
    expect(calls()).toHaveLength(2);
  });

  test('of one name that is asked for twice are one, because both want the same', async () => {
    const { connection, within, batches } = await withServices(1);
    const [urgent, sweep] = [connection.gateway('urgent'), connection.gateway('sweep')];

    const [a, b] = await within(
      Promise.all([
        sweep.describeService('shop', 'service-0', signal),
        urgent.describeService('shop', 'service-0', signal),
      ]),
    );

    expect(a).toBe(b);
    expect(batches).toEqual(['DescribeServices 1']);
  });

  test('outlive whoever asked first, because the others still wait', async () => {
    const { connection, within } = await withServices(2);
    const ecs = connection.gateway('urgent');
    const first = new AbortController();

    const abandoned = ecs.describeService('shop', 'service-0', first.signal).catch((reason: unknown) => reason);
    const other = ecs.describeService('shop', 'service-1', signal);
    first.abort('gave up');

    expect(await within(other)).toMatchObject({ serviceName: 'service-1' });
    expect(await abandoned).toBe('gave up');
  });
});

describe('what is not there', () => {
  test('is undefined or empty, because absence is a value', async () => {
    const { connection, within } = await withServices(1);
    const ecs = connection.gateway('urgent');

    expect(await within(ecs.describeCluster('gone', signal))).toBeUndefined();
    expect(await within(ecs.describeService('shop', 'gone', signal))).toBeUndefined();
    expect(await within(ecs.describeService('gone', 'gone', signal))).toBeUndefined();
    expect(await within(ecs.describeTaskDefinition('gone', signal))).toBeUndefined();
    expect(await within(ecs.describeTaskDefinition('web:9', signal))).toBeUndefined();
    expect(await within(ecs.listRevisions('gone', 'ACTIVE', signal))).toEqual([]);
    expect(await within(ecs.listServices('gone', signal))).toEqual([]);
    expect(await within(ecs.listTasks('gone', signal))).toEqual([]);
    expect(await within(ecs.listServiceDeployments('shop', 'gone', signal))).toEqual([]);
    expect(await within(ecs.describeServiceDeployment(GONE_DEPLOYMENT, signal))).toBeUndefined();
    expect(await within(ecs.listStoppedTasks('shop', 'gone', signal))).toEqual([]);
  });

  test('leaves the others of its batch alone, because failures are told by item', async () => {
    const { connection, within, batches } = await withServices(1);
    const ecs = connection.gateway('urgent');

    const found = await within(
      Promise.all(['gone', 'service-0'].map((name) => ecs.describeService('shop', name, signal))),
    );

    expect(found.map((service) => service?.serviceName)).toEqual([undefined, 'service-0']);
    expect(batches).toEqual(['DescribeServices 2']);
  });
});

describe('a connection', () => {
  test('reads the account out of DescribeClusters, whether the cluster is there or not', async () => {
    const { connection, simulator, within } = await connectGateway();
    const elsewhere = await connectGateway();
    await elsewhere.simulator.call('CreateCluster', {});
    const place = { accountId: '123456789012', region: simulator.world.region };

    expect(await within(connection.location(signal))).toEqual(place);
    expect(await elsewhere.within(elsewhere.connection.location(signal))).toEqual(place);
  });

  test('ends what is under way when it is closed, because nobody will wait for it', async () => {
    const { connection, simulator, clock, calls } = await withServices(1);
    simulator.faults.add({ action: 'DescribeServices', when: 'before', latencyMs: 60_000 });
    const read = connection.gateway('urgent').describeService('shop', 'service-0', signal);
    const failure = read.catch((error: unknown) => error);
    await clock.advance(10);

    connection.close();

    expect(await failure).toMatchObject({ code: 'Unavailable', message: 'the operator is stopping' });
    expect(calls()).toEqual(['DescribeServices']);
  });

  test('waits out a throttling answer by itself, because it says only that it was too early', async () => {
    const { connection, simulator, within, requests, clock } = await withServices(1);
    const error = { name: 'ThrottlingException', message: 'Rate exceeded' };
    simulator.faults.add({ action: 'DescribeServices', nth: 1, times: 2, when: 'before', error });

    const found = await within(connection.gateway('urgent').describeService('shop', 'service-0', signal));

    expect(found).toMatchObject({ serviceName: 'service-0' });
    expect(requests).toEqual(['DescribeServices Throttled', 'DescribeServices Throttled', 'DescribeServices ok']);
    expect(clock.monotonic()).toBeGreaterThan(400);
  });

  test('gives up on endless throttling with the code of it, because the object has its own patience', async () => {
    const { connection, simulator, within } = await withServices(1);
    const error = { name: 'ThrottlingException', message: 'Rate exceeded' };
    simulator.faults.add({ action: 'DescribeServices', when: 'before', error });

    const read = within(connection.gateway('urgent').describeService('shop', 'service-0', signal));

    await expect(read).rejects.toMatchObject({ code: 'Throttled', details: { call: 'DescribeServices' } });
  });
});
