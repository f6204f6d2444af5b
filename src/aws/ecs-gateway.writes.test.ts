import { describe, expect, test } from 'vitest';
import { connectGateway } from '../../test/support/connected-gateway.ts';
import { Failure } from '../core/failure.ts';

const { signal } = new AbortController();
const CREATE = { call: 'CreateCluster', input: { clusterName: 'shop' } } as const;

describe('a write', () => {
  test('is not sent where the check before it throws, because another replica may lead', async () => {
    const { connection, within, calls } = await connectGateway(() => {
      throw new Failure('NotLeader', 'the lease was lost');
    });

    const write = within(connection.gateway('urgent').write(CREATE, signal));

    await expect(write).rejects.toMatchObject({ code: 'NotLeader' });
    expect(calls()).toEqual([]);
  });

  test('is checked for, and a read is not, because only writes need the lease', async () => {
    let checks = 0;
    const { connection, within } = await connectGateway(() => void (checks += 1));
    const ecs = connection.gateway('urgent');

    await within(ecs.describeCluster('shop', signal));
    expect(checks).toBe(0);

    await within(ecs.write(CREATE, signal));
    expect(checks).toBe(1);
  });

  test('is checked for again at each try, because time has passed', async () => {
    let checks = 0;
    const { connection, within, simulator } = await connectGateway(() => void (checks += 1));
    const error = { name: 'ThrottlingException', message: 'Rate exceeded' };
    simulator.faults.add({ nth: 1, when: 'before', error });

    await within(connection.gateway('urgent').write(CREATE, signal));

    expect(checks).toBe(2);
  });

  test.for([
    { name: 'a lost answer', error: 'reset', code: 'Unavailable' },
    {
      name: 'an error of ECS itself',
      error: { name: 'ServerException', message: 'oops', status: 500 },
      code: 'Unavailable',
    },
    { name: 'a missing right', error: { name: 'AccessDeniedException', message: 'no' }, code: 'AccessDenied' },
    { name: 'bad input', error: { name: 'InvalidParameterException', message: 'bad' }, code: 'Rejected' },
  ] as const)(
    'is sent once and told as $code after $name, because its effect is looked for',
    async ({ error, code }) => {
      const { connection, within, calls, simulator } = await connectGateway();
      simulator.faults.add({ nth: 1, when: 'after', error });

      const write = within(connection.gateway('urgent').write(CREATE, signal));

      await expect(write).rejects.toMatchObject({ code });
      expect(calls()).toEqual(['CreateCluster']);
    },
  );
});
