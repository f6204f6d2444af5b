import { defineConfig } from 'vitest/config';

/**
 * Of the integration tests those that speak with an API server that may be any, and would show where one with a kubelet, a
 * scheduler and all of its controllers is another one: lives of the three kinds, rights, leases, server-side apply and
 * validation. Left out are those that start a control plane of their own, that need its audit log, that ask no API server, and
 * those that are more of the same.
 */
const ON_ANY_CLUSTER = [
  'clusters',
  'crds.apply',
  'leader-election',
  'services.deletion',
  'services.rollout',
  'task-definitions',
  'tightened-rules',
];

/**
 * One project per rung of the test ladder. `make verify` runs structure, `make soak` soak, `make test-kind` kind, and
 * `make test` the others.
 */
export default defineConfig({
  test: {
    // All processors there are: tests wait for nothing else.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/support/fixed-seed.ts'],
          // Property tests on a machine that has other things to do.
          testTimeout: 30_000,
          include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'test/{simulator,bench,dashboard}/**/*.test.ts'],
        },
      },
      { test: { name: 'structure', include: ['test/structure/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'sim',
          setupFiles: ['test/support/fixed-seed.ts'],
          include: ['test/sim/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kind',
          include: ['test/kind/**/*.test.ts', ...ON_ANY_CLUSTER.map((name) => `test/integration/${name}.test.ts`)],
          globalSetup: ['test/kind/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'soak',
          include: ['test/soak/**/*.test.ts'],
          globalSetup: ['test/integration/global-setup.ts'],
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
