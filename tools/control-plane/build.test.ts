import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildControlPlane, isBuildNeeded, locateBuild, parseKubernetesVersion, versionFlags } from './build.ts';

describe('the build of the control plane', () => {
  test('takes its version from go.mod, because a second place to bump would be forgotten', () => {
    const goMod = 'module x\n\nrequire (\n\tk8s.io/kubectl v0.0.0\n\tk8s.io/kubernetes v1.36.4\n)\n';

    expect(parseKubernetesVersion(goMod)).toBe('v1.36.4');
    expect(versionFlags('v1.36.4')).toContain('version.gitMinor=36');
  });

  test('refuses a go.mod without a release, because the API server would call itself v0.0.0', () => {
    expect(() => parseKubernetesVersion('module x\n')).toThrow('pins no release');
  });

  test('lies in the cache folder of the user, because a second checkout can share it', async () => {
    const found = await locateBuild({ XDG_CACHE_HOME: '/nowhere' });

    expect(found.binary).toMatch(/^\/nowhere\/ecs-operator\/control-plane\/[0-9a-f]{16}\/control-plane$/);
    expect(found.isBuilt).toBe(false);
  });

  test.for([
    { environment: {}, isNeeded: true },
    { environment: { KUBEBUILDER_ASSETS: '', USE_EXISTING_CLUSTER: 'false' }, isNeeded: true },
    { environment: { KUBEBUILDER_ASSETS: '/binaries' }, isNeeded: false },
    { environment: { USE_EXISTING_CLUSTER: 'true' }, isNeeded: false },
  ])(
    'is needed ($isNeeded) with $environment, because Go need not be there for nothing',
    ({ environment, isNeeded }) => {
      expect(isBuildNeeded(environment)).toBe(isNeeded);
    },
  );

  test('names what to install when go is missing, because nothing else tells a new user', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'control-plane-build-'));

    const building = buildControlPlane({ XDG_CACHE_HOME: cache, PATH: cache });

    await expect(building).rejects.toThrow('install Go 1.26');
    await rm(cache, { recursive: true });
  });
});
