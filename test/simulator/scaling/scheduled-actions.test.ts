import type { PutScheduledActionCommandInput } from '@aws-sdk/client-application-auto-scaling';
import { beforeEach, describe, expect, test } from 'vitest';
import { openScaledShop, type ScaledShop, WEB } from './scaled-shop.ts';
import { nextRun } from './schedule.ts';

const HOUR_MS = 3_600_000;

let shop: ScaledShop;

/** The shop opens on 1 January 2026 at 0:01 UTC. */
beforeEach(async () => {
  shop = await openScaledShop();
  await shop.register();
});

function put(name: string, changes: Partial<PutScheduledActionCommandInput>) {
  return shop.scaling.putScheduledAction({
    ...WEB,
    ScheduledActionName: name,
    Schedule: 'rate(1 hour)',
    ScalableTargetAction: { MinCapacity: 5 },
    ...changes,
  });
}

async function range() {
  const { ScalableTargets } = await shop.scaling.describeScalableTargets({ ServiceNamespace: 'ecs' });
  return `${ScalableTargets?.[0]?.MinCapacity}–${ScalableTargets?.[0]?.MaxCapacity}`;
}

describe('a scheduled action', () => {
  test('changes the range at its time, moves the count into it, and does so again the next time', async () => {
    await put('morning', { Schedule: 'cron(0 8 * * ? *)' });
    await put('evening', { Schedule: 'cron(0 20 * * ? *)', ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 3 } });

    await shop.pass(9 * HOUR_MS);
    const [day, tasks] = [await range(), await shop.count()];
    await shop.pass(12 * HOUR_MS);
    const [night, tasksAtNight] = [await range(), await shop.count()];
    await put('morning', { Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 5, MaxCapacity: 9 } });
    await shop.pass(12 * HOUR_MS);

    expect([day, tasks, night, tasksAtNight]).toEqual(['5–10', 5, '1–3', 3]);
    expect([await range(), await shop.count()]).toEqual(['5–9', 5]);
    expect((await shop.activities())[0]).toBe(
      'Setting desired count to 5. scheduled action name morning was triggered',
    );
  });

  test('does nothing while scheduled scaling is suspended, and nothing once it is deleted', async () => {
    await put('hourly', {});
    await shop.scaling.registerScalableTarget({ ...WEB, SuspendedState: { ScheduledScalingSuspended: true } });
    await shop.pass(2 * HOUR_MS);
    await shop.scaling.registerScalableTarget({ ...WEB, SuspendedState: { ScheduledScalingSuspended: false } });
    await shop.scaling.deleteScheduledAction({ ...WEB, ScheduledActionName: 'hourly' });
    await shop.pass(2 * HOUR_MS);

    expect(await range()).toBe('2–10');
  });

  test('loses start and end that are not stated again', async () => {
    await put('hourly', { StartTime: new Date(Date.UTC(2026, 5)), EndTime: new Date(Date.UTC(2026, 6)) });
    await put('hourly', {});

    const { ScheduledActions } = await shop.scaling.describeScheduledActions({ ServiceNamespace: 'ecs' });
    expect(ScheduledActions?.[0]).not.toHaveProperty('StartTime');
    expect(ScheduledActions?.[0]).not.toHaveProperty('EndTime');
  });

  test.for([
    { name: 'five fields', changes: { Schedule: 'cron(0 8 * * ?)' } },
    { name: 'an hour that there is not', changes: { Schedule: 'cron(0 25 * * ? *)' } },
    { name: 'a rate of nothing', changes: { Schedule: 'rate(0 hours)' } },
    { name: 'another form', changes: { Schedule: '0 8 * * *' } },
    { name: 'a zone that there is not', changes: { Timezone: 'Mars/Olympus' } },
    { name: 'nothing to set', changes: { ScalableTargetAction: {} } },
    { name: 'min over max', changes: { ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 2 } } },
  ])('is refused with $name', async ({ changes }) => {
    await expect(put('odd', changes)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a schedule', () => {
  const AFTER = Date.UTC(2026, 0, 1, 0, 1);

  test.for([
    { schedule: 'at(2026-01-01T08:30:00)', zone: 'UTC', next: '2026-01-01T08:30:00.000Z' },
    { schedule: 'at(2026-07-01T08:30:00)', zone: 'Europe/Berlin', next: '2026-07-01T06:30:00.000Z' },
    { schedule: 'at(2025-07-01T08:30:00)', zone: 'UTC', next: undefined },
    { schedule: 'cron(0/15 * * * ? *)', zone: 'UTC', next: '2026-01-01T00:15:00.000Z' },
    { schedule: 'cron(30 7 ? * MON-FRI *)', zone: 'America/New_York', next: '2026-01-01T12:30:00.000Z' },
    { schedule: 'cron(0 12 1,15 3 ? *)', zone: 'UTC', next: '2026-03-01T12:00:00.000Z' },
    { schedule: 'cron(0 0 1 1 ? 2025)', zone: 'UTC', next: undefined },
    { schedule: 'rate(2 days)', zone: 'UTC', next: '2026-01-03T00:01:00.000Z' },
  ])('$schedule in $zone runs next at $next', ({ schedule, zone, next }) => {
    const action = { Schedule: schedule, Timezone: zone, CreationTime: new Date(AFTER) };
    const found = nextRun(action, AFTER);

    expect(found === undefined ? undefined : new Date(found).toISOString()).toBe(next);
  });
});
