import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openShop, type Shop } from './simulated-shop.ts';

const HERE = { cluster: 'shop', service: 'web' };

type Step = (shop: Shop) => Promise<unknown>;

/** Whatever a person or a program may do to a service, and time between. */
const steps: fc.Arbitrary<{ name: string; step: Step }> = fc.oneof(
  fc.constantFrom('web:1', 'web:2', 'web:3').map((taskDefinition) => ({
    name: `roll to ${taskDefinition}`,
    step: (shop: Shop) => shop.ecs.updateService({ ...HERE, taskDefinition }),
  })),
  fc.integer({ min: 0, max: 4 }).map((desiredCount) => ({
    name: `scale to ${desiredCount}`,
    step: (shop: Shop) => shop.ecs.updateService({ ...HERE, desiredCount }),
  })),
  fc.integer({ min: 0, max: 6_000 }).map((ms) => ({ name: `wait ${ms}`, step: (shop: Shop) => shop.pass(ms) })),
  fc.constant({ name: 'stop a task', step: stopTask }),
  fc.constantFrom('ROLLBACK' as const, 'ABORT' as const).map((stopType) => ({
    name: stopType,
    step: (shop: Shop) => stopDeployment(shop, stopType),
  })),
);

async function stopTask(shop: Shop): Promise<void> {
  const { taskArns } = await shop.ecs.listTasks({ cluster: 'shop', serviceName: 'web' });
  if (taskArns?.[0] !== undefined) await shop.ecs.stopTask({ cluster: 'shop', task: taskArns[0] });
}

async function stopDeployment(shop: Shop, stopType: 'ROLLBACK' | 'ABORT'): Promise<void> {
  const { serviceDeployments } = await shop.ecs.listServiceDeployments({ ...HERE });
  const running = serviceDeployments?.find(({ status }) => status === 'PENDING' || status === 'IN_PROGRESS');
  if (running === undefined) return;
  await shop.ecs.stopServiceDeployment({ serviceDeploymentArn: running.serviceDeploymentArn, stopType });
}

test('every history keeps its counts and ends well, because a good image always rolls out in the end', async () => {
  const history = fc.record({
    isGuarded: fc.boolean(),
    strategy: fc.constantFrom('ROLLING' as const, 'BLUE_GREEN' as const, 'CANARY' as const),
    past: fc.array(steps, { minLength: 1, maxLength: 8 }),
  });

  await fc.assert(
    fc.asyncProperty(history, async ({ isGuarded, strategy, past }) => {
      const shop = await openShop();
      shop.simulator.world.behaviours.add({ image: /bad/, becomes: 'cannot-pull', afterMs: 500 });
      await shop.define('bad:1');
      await shop.define('web:3');
      const deploymentCircuitBreaker = { enable: isGuarded, rollback: isGuarded };
      await shop.create({ taskDefinition: 'web:1', deploymentConfiguration: { strategy, deploymentCircuitBreaker } });

      for (const { step } of past) {
        await step(shop);
        const { deployments = [], runningCount, pendingCount, taskDefinition } = await shop.see();
        const primary = deployments.filter(({ status }) => status === 'PRIMARY');
        expect(primary).toMatchObject([{ taskDefinition }]);
        expect(deployments.reduce((sum, each) => sum + (each.runningCount ?? 0), 0)).toBe(runningCount);
        expect(deployments.reduce((sum, each) => sum + (each.pendingCount ?? 0), 0)).toBe(pendingCount);
      }
      await shop.ecs.updateService({
        ...HERE,
        taskDefinition: 'web:3',
        desiredCount: 3,
        forceNewDeployment: true,
        deploymentConfiguration: { strategy: 'ROLLING' },
      });
      await shop.pass(3_600_000);

      const { serviceDeployments = [] } = await shop.ecs.listServiceDeployments({ ...HERE });
      expect(await shop.see()).toMatchObject({ runningCount: 3, deployments: [{ rolloutState: 'COMPLETED' }] });
      expect(serviceDeployments[0]).toMatchObject({ status: 'SUCCESSFUL' });
      expect(serviceDeployments.map(({ status }) => status)).not.toContain('IN_PROGRESS');
    }),
    { numRuns: 40, seed: 7 },
  );
});
