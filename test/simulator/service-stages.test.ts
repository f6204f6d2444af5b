import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { shiftsOf } from './service-stages.ts';
import { openShop, type Shop } from './simulated-shop.ts';

let shop: Shop;

const MINUTE_MS = 60_000;

beforeEach(async () => {
  shop = await openShop();
});

async function deploy(deploymentConfiguration: DeploymentConfiguration) {
  await shop.create({ deploymentConfiguration: { strategy: 'BLUE_GREEN' } });
  await shop.pass(MINUTE_MS);
  const taskDefinition = await shop.define('web:2');
  await shop.ecs.updateService({ cluster: 'shop', service: 'web', taskDefinition, deploymentConfiguration });
}

async function newest() {
  const { serviceDeployments } = await shop.ecs.listServiceDeployments({ cluster: 'shop', service: 'web' });
  const serviceDeploymentArns = [serviceDeployments?.[0]?.serviceDeploymentArn ?? ''];
  return (await shop.ecs.describeServiceDeployments({ serviceDeploymentArns })).serviceDeployments?.[0];
}

describe('a blue/green deployment', () => {
  test('keeps both revisions through the bake time, because the old one may be needed again', async () => {
    await deploy({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });

    await shop.pass(MINUTE_MS);
    const baking = await newest();
    const both = await shop.see();
    await shop.pass(6 * MINUTE_MS);

    expect(baking).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'BAKE_TIME',
      targetServiceRevision: { requestedProductionTrafficWeight: 100, runningTaskCount: 2 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 0, runningTaskCount: 2 }],
    });
    expect(both.runningCount).toBe(4);
    expect(await newest()).toMatchObject({ status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP' });
    expect(await shop.see()).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  });

  test('waits at a PAUSE hook until somebody continues it, because that is what it is for', async () => {
    await deploy({
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
    });
    await shop.pass(10 * MINUTE_MS);
    const paused = await newest();
    const hookId = paused?.lifecycleHookDetails?.find(({ status }) => status === 'AWAITING_ACTION')?.hookId;

    await shop.ecs.continueServiceDeployment({ serviceDeploymentArn: paused?.serviceDeploymentArn, hookId });
    await shop.pass(MINUTE_MS);

    expect(paused).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'POST_SCALE_UP' });
    expect(await newest()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  test('rolls back at a hook that is refused, because the hook decides', async () => {
    await deploy({
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'] }],
    });
    await shop.pass(MINUTE_MS);
    const paused = await newest();
    const hookId = paused?.lifecycleHookDetails?.[0]?.hookId;

    await shop.ecs.continueServiceDeployment({
      serviceDeploymentArn: paused?.serviceDeploymentArn,
      hookId,
      action: 'ROLLBACK',
    });
    await shop.pass(MINUTE_MS);

    expect(await newest()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed.',
    });
  });
});

describe('shiftsOf', () => {
  test('goes in even steps, because the strategy is LINEAR', () => {
    const shifts = shiftsOf({ strategy: 'LINEAR', linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 2 } });

    expect(shifts).toEqual([
      { percent: 40, waitMs: 120_000 },
      { percent: 80, waitMs: 120_000 },
      { percent: 100, waitMs: 120_000 },
    ]);
  });

  test('tries a little first, because the strategy is CANARY', () => {
    expect(shiftsOf({ strategy: 'CANARY' })).toEqual([
      { percent: 5, waitMs: 600_000 },
      { percent: 100, waitMs: 0 },
    ]);
  });
});
