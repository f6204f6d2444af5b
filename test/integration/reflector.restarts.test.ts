import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import { locateControlPlane } from '../support/control-plane-binary.ts';
import { redirectKubeconfig } from '../support/control-plane-kubeconfig.ts';
import { configMapsOf, type Reflected, reflectConfigMaps } from '../support/reflected.ts';
import { openTcpGate, type TcpGate } from '../support/tcp-gate.ts';

const source = await locateControlPlane(process.env);
const RIGHT_AGAIN_MS = 10_000;
const AWAY_MS = 3_000;

interface Scene {
  readonly plane: ControlPlane;
  readonly gate: TcpGate;
  readonly reflected: Reflected;
  put(name: string, value: string): Promise<void>;
  right(): Promise<void>;
}

/** One API server, whose connections go through a gate. */
async function withApiServer(act: (scene: Scene) => Promise<void>): Promise<void> {
  await using plane = await startControlPlane({ hasControllers: false });
  await using namespace = await plane.createNamespace('reflected');
  await using gate = await openTcpGate(Number(new URL(plane.url).port));
  const kubeconfig = await redirectKubeconfig(plane.kubeconfigPath, `https://127.0.0.1:${gate.port}`);
  await using reflected = await reflectConfigMaps({ kubeconfig, namespace: namespace.name });
  const { put, reflectedIn } = configMapsOf(plane, namespace.name);
  await act({ plane, gate, reflected, put, right: () => reflectedIn(reflected, RIGHT_AGAIN_MS) });
}

describe.runIf(source.from !== 'existing-cluster')('the store is right within 10 s', () => {
  test('after connections were cut, and after darkness, without a list', () =>
    withApiServer(async ({ gate, reflected, put, right }) => {
      await put('kept', '1');
      await right();

      expect(gate.cut()).toBeGreaterThan(0);
      await put('kept', '2');
      await right();
      gate.darken();
      await put('kept', '3');
      await sleep(AWAY_MS);
      gate.lighten();
      await right();

      expect(reflected.lists).toBe(1);
    }));

  test('after the API server was killed and started, with one list at most, as it begins without a history', () =>
    withApiServer(async ({ plane, reflected, put, right }) => {
      await put('kept', '1');
      await right();

      for (let restarts = 1; restarts <= 2; restarts += 1) {
        await plane.stopApiServer();
        await sleep(AWAY_MS);
        await plane.startApiServer();
        await put(`new-${restarts}`, '1');
        await right();

        expect(reflected.lists).toBeLessThanOrEqual(1 + restarts);
      }

      expect(reflected.told.filter((change) => change === 'added kept')).toHaveLength(1);
    }));
});
