import { describe, expect, test } from 'vitest';
import { connectGateway } from '../../test/support/connected-gateway.ts';

const { signal } = new AbortController();
const SIX_HOURS_MS = 6 * 3_600_000;

function namesOf(arns: readonly string[]): readonly string[] {
  return arns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
}

describe('a task definition', () => {
  test('is read once for all sweeps, because a revision never changes', async () => {
    const { connection, register, within, calls, clock } = await connectGateway();
    await register('web');
    const sweep = connection.gateway('sweep');
    const found = await within(sweep.describeTaskDefinition('web', signal));
    const arn = String(found?.definition.taskDefinitionArn);
    calls();

    const again = await within(sweep.describeTaskDefinition(arn, signal));

    expect(again).toEqual(found);
    expect(calls()).toEqual([]);

    await clock.advance(SIX_HOURS_MS);
    await within(sweep.describeTaskDefinition(arn, signal));

    expect(calls(), 'its tags may change').toEqual(['DescribeTaskDefinition']);
  });

  test('is read afresh for an edit, because its tags may have changed', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web');
    const urgent = connection.gateway('urgent');
    const found = await within(urgent.describeTaskDefinition('web', signal));

    await within(urgent.describeTaskDefinition(String(found?.definition.taskDefinitionArn), signal));

    expect(calls()).toEqual(['DescribeTaskDefinition', 'DescribeTaskDefinition']);
  });

  test('is read afresh in a sweep as well where its tags have to be live', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web');
    const sweep = connection.gateway('sweep');
    const found = await within(sweep.describeTaskDefinition('web', signal));

    await within(sweep.describeTaskDefinition(String(found?.definition.taskDefinitionArn), signal, 'live'));

    expect(calls()).toEqual(['DescribeTaskDefinition', 'DescribeTaskDefinition']);
  });

  test.for(['arn', 'name'] as const)('is read once for all where only its content counts, by %s', async (by) => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web');
    const urgent = connection.gateway('urgent');
    const found = await within(urgent.describeTaskDefinition('web:1', signal));
    const named = by === 'name' ? 'web:1' : String(found?.definition.taskDefinitionArn);
    calls();

    expect(await within(urgent.describeTaskDefinition(named, signal, 'any'))).toEqual(found);
    expect(calls()).toEqual([]);
  });

  test('is read each time by its family, because the newest revision may be another one', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web', 2);
    const urgent = connection.gateway('urgent');
    await within(urgent.describeTaskDefinition('web', signal, 'any'));

    await within(urgent.describeTaskDefinition('web', signal, 'any'));

    expect(calls()).toEqual(['DescribeTaskDefinition', 'DescribeTaskDefinition']);
  });

  test('is read again once its tags were written', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web');
    const sweep = connection.gateway('sweep');
    const found = await within(sweep.describeTaskDefinition('web', signal));
    const arn = String(found?.definition.taskDefinitionArn);
    const tags = [{ key: 'team', value: 'a' }];

    await within(sweep.write({ call: 'TagResource', input: { resourceArn: arn, tags } }, signal));
    calls();

    expect((await within(sweep.describeTaskDefinition(arn, signal)))?.tags).toEqual(tags);
    expect(calls()).toEqual(['DescribeTaskDefinition']);
  });
});

describe('the ACTIVE revisions of a family', () => {
  test('come newest first, all pages', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web', 101);

    const arns = await within(connection.gateway('urgent').listRevisions('web', 'ACTIVE', signal));

    expect(namesOf(arns).slice(0, 2)).toEqual(['web:101', 'web:100']);
    expect(arns).toHaveLength(101);
    expect(calls()).toEqual(['ListTaskDefinitions', 'ListTaskDefinitions']);
  });

  test('are one listing of the region in a sweep, because families are many', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web', 2);
    await register('web-admin');
    const sweep = connection.gateway('sweep');
    const families = ['web', 'web-admin', 'gone'];

    const lists = await within(Promise.all(families.map((family) => sweep.listRevisions(family, 'ACTIVE', signal))));

    expect(lists.map(namesOf)).toEqual([['web:2', 'web:1'], ['web-admin:1'], []]);
    expect(calls()).toEqual(['ListTaskDefinitions']);
  });

  test('are listed anew after a write, because the listing is old', async () => {
    const { connection, register, within, calls } = await connectGateway();
    await register('web');
    const sweep = connection.gateway('sweep');
    await within(sweep.listRevisions('web', 'ACTIVE', signal));
    const containerDefinitions = [{ name: 'app', image: 'app:2', memory: 128 }];

    await within(
      sweep.write({ call: 'RegisterTaskDefinition', input: { family: 'web', containerDefinitions } }, signal),
    );
    calls();

    expect(namesOf(await within(sweep.listRevisions('web', 'ACTIVE', signal)))).toEqual(['web:2', 'web:1']);
    expect(calls()).toEqual(['ListTaskDefinitions']);
  });

  test('are listed anew half a minute later, because others register as well', async () => {
    const { connection, register, within, calls, clock } = await connectGateway();
    await register('web');
    const sweep = connection.gateway('sweep');
    await within(sweep.listRevisions('web', 'ACTIVE', signal));
    await register('web');
    await clock.advance(30_001);

    expect(namesOf(await within(sweep.listRevisions('web', 'ACTIVE', signal)))).toEqual(['web:2', 'web:1']);
    expect(calls()).toEqual(['ListTaskDefinitions']);
  });

  test('are asked for by family for an hour where the region holds far more, because its pages would cost more', async () => {
    const { connection, register, within, simulator, clock } = await connectGateway();
    await register('theirs', 501);
    await register('web');
    const sweep = connection.gateway('sweep');

    expect(namesOf(await within(sweep.listRevisions('web', 'ACTIVE', signal)))).toEqual(['web:1']);
    expect(simulator.calls.map(({ input }) => input['familyPrefix'])).toEqual([
      ...Array.from({ length: 5 }, () => undefined),
      'web',
    ]);

    simulator.forgetCalls();
    await clock.advance(60_000);
    await within(sweep.listRevisions('web', 'ACTIVE', signal));

    expect(simulator.calls.map(({ input }) => input['familyPrefix'])).toEqual(['web']);
  });
});
