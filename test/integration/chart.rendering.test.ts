import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseSettings, SETTINGS } from '../../src/cmd/settings.ts';
import { buildClusterTools } from '../../tools/cluster-tools/build.ts';
import { CLUSTER_RULES, leaseRules, OBJECT_RULES } from '../../tools/generate-rbac.ts';
import { readCrds } from '../support/crds.ts';
import { argsOf, CHART, connectHelm, type Helm, parseObjects, type Rendered, runProgram } from '../support/helm.ts';

const VARIANTS = ['least', 'everything', 'namespaced'] as const;
type Variant = (typeof VARIANTS)[number];

/** What the chart has no value for, and why. */
const NOT_IN_THE_CHART: Readonly<Record<string, string>> = {
  kubeconfig: 'in a pod the service account is found',
  leaderElectionNamespace: 'it is the namespace of the pod, by POD_NAMESPACE',
  bindAddress: 'probes and scrapes come from outside the pod',
};

let folder: string;
let helm: Helm;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-operator-chart-'));
  helm = await connectHelm(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function valuesOf(variant: Variant): string {
  return `--values=${join(CHART, 'ci', `${variant}-values.yaml`)}`;
}

async function render(variant: Variant, ...flags: readonly string[]): Promise<readonly Rendered[]> {
  return parseObjects(await helm.must('template', 'ecs', CHART, '--namespace=ops', valuesOf(variant), ...flags));
}

function ofKind(objects: readonly Rendered[], ...kinds: readonly string[]): readonly Rendered[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

describe('the chart, by helm', () => {
  test.for(VARIANTS)('passes lint --strict with the values %s', async (variant) => {
    const { code, stdout } = await helm.run('lint', '--strict', CHART, valuesOf(variant));

    expect(stdout).not.toMatch(/\[(?:WARNING|ERROR)\]/);
    expect(code).toBe(0);
  });

  test.for([
    { flags: [], words: '--set clusterId=my-cluster', because: 'the operator would not start' },
    { flags: ['--set=clusterId=a', '--set=replica=3'], words: 'replica', because: 'a misspelt value must not be lost' },
    {
      flags: ['--set=clusterId=a', '--set=metrics.serviceMonitr.enabled=true'],
      words: 'serviceMonitr',
      because: 'nor a deep one',
    },
    {
      flags: ['--set=clusterId=a', '--set=metrics.prometheusRule.without={EcsDriftFougt}'],
      words: 'without',
      because: 'an alert that is left out by a misspelt name still calls',
    },
    { flags: ['--set=clusterId=a b'], words: 'clusterId', because: 'the operator would refuse it' },
    {
      flags: ['--set=clusterId=a', '--set=leaderElection.enabled=false'],
      words: 'set replicas to 1',
      because: 'two would write',
    },
    {
      flags: ['--set=clusterId=a', '--set=shutdownGrace=1m500ms', '--set=terminationGracePeriodSeconds=60'],
      words: 'more than shutdownGrace',
      because: 'the pod would be killed at its work',
    },
    {
      flags: ['--set=clusterId=a', '--set=metrics.serviceMonitor.enabled=true', '--set=metrics.service.enabled=false'],
      words: 'set metrics.service.enabled to true',
      because: 'it would find nothing',
    },
    {
      flags: ['--set=clusterId=a', '--set=rbac.scope=namespaced', '--set=aws.useOperatorIdentity=false'],
      words: 'leave aws.useOperatorIdentity out',
      because: 'nobody could act',
    },
  ])('refuses $flags by naming $words, because $because', async ({ flags, words }) => {
    const { code, stderr } = await helm.run('template', 'ecs', CHART, ...flags);

    expect(stderr).toContain(words);
    expect(code).not.toBe(0);
  });

  test('takes the global values and the condition of a parent chart, because a strict schema would refuse them', async () => {
    const objects = await render('least', '--set=global.team=shop', '--set=enabled=true');

    expect(ofKind(objects, 'Deployment')).toHaveLength(1);
  });

  test('has the version of the operator', async () => {
    const chart: unknown = parse(await readFile(join(CHART, 'Chart.yaml'), 'utf8'));
    const self: unknown = JSON.parse(await readFile(join(CHART, '..', '..', 'package.json'), 'utf8'));

    expect(chart).toHaveProperty('appVersion', (self as { readonly version: string }).version);
  });

  test('passes its unit tests, by helm-unittest', async () => {
    const { helmUnittest } = await buildClusterTools(process.env);

    const { code, stdout } = await runProgram(helmUnittest, [CHART]);

    expect(stdout).toMatch(/Tests: +[1-9]\d* passed/);
    expect(code).toBe(0);
  });
});

/** Where the tools of GitOps keep the chart's values. */
const GITOPS_VALUES = [
  { file: 'argocd/operator.yaml', kind: 'Application', path: ['spec', 'source', 'helm', 'valuesObject'] },
  { file: 'flux/release/operator.yaml', kind: 'HelmRelease', path: ['spec', 'values'] },
];

describe('the examples of GitOps', () => {
  test.for(GITOPS_VALUES)('$file has values that the chart takes', async ({ file, kind, path }) => {
    const text = await readFile(join(CHART, '..', '..', 'examples', 'gitops', file), 'utf8');
    const document = parseAllDocuments(text).find((candidate) => candidate.get('kind') === kind);
    const values = join(folder, `${kind}.yaml`);
    await writeFile(values, String(document?.getIn(path)));

    const objects = parseObjects(await helm.must('template', 'ecs', CHART, `--values=${values}`));

    expect(argsOf(objects)).toEqual(expect.arrayContaining(['--cluster-id=my-cluster', '--aws-region=eu-central-1']));
  });
});

describe("the operator's flags in the chart", () => {
  test('are those that were asked for, because the operator reads them itself here', async () => {
    const parsed = parseSettings(argsOf(await render('everything')), { POD_NAMESPACE: 'ops' });

    expect(parsed).toMatchObject({
      is: 'config',
      config: {
        clusterId: 'test',
        awsRegion: 'eu-central-1',
        awsEndpoint: 'https://aws.example.com',
        accounts: true,
        useOperatorIdentity: 'true',
        defaultTags: [
          { key: 'cost', value: 'shared costs' },
          { key: 'team', value: 'platform' },
        ],
        watchNamespaces: ['shop', 'jobs'],
        labelSelector: 'team=shop',
        bindAddress: '0.0.0.0',
        leaderElectionNamespace: 'ops',
      },
    });
  });

  test('are its defaults where nothing is asked for, because a page of settings must hold in the chart too', async () => {
    const parsed = parseSettings(argsOf(await render('least')), {});

    expect(parsed).toEqual(parseSettings(['--cluster-id=test', '--leader-election-name=ecs-ecs-operator'], {}));
  });

  test('are all there are, because a setting that the chart forgets cannot be set', async () => {
    const flags = argsOf(await render('everything')).map((flag) => flag.split('=')[0]);
    const forgotten = SETTINGS.filter(({ flag }) => !flags.includes(`--${flag}`)).map(({ name }) => name);

    expect(forgotten.filter((name) => !(name in NOT_IN_THE_CHART))).toEqual([]);
  });
});

describe('the rights in the chart', () => {
  test('are those that the integration tests run under', async () => {
    const roles = ofKind(await render('least', '--set=rbac.userRoles=false'), 'ClusterRole', 'Role');

    expect(roles.map(({ kind, rules }) => [kind, rules])).toEqual([
      ['ClusterRole', CLUSTER_RULES],
      ['Role', leaseRules('ecs-ecs-operator')],
    ]);
  });

  test('hold no wildcard, no secret and no pod', async () => {
    const rules = JSON.stringify(ofKind(await render('everything'), 'ClusterRole', 'Role'));

    expect(rules).not.toMatch(/"\*"|secrets|pods|configmaps/);
  });

  test('end at the namespace of a namespaced installation', async () => {
    const objects = await render('namespaced');

    expect(ofKind(objects, 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition')).toEqual([]);
    expect(ofKind(objects, 'Role').map(({ metadata, rules }) => [metadata.namespace, rules])).toEqual([
      ['ops', OBJECT_RULES],
      ['ops', leaseRules('ecs-ecs-operator')],
    ]);
    expect(argsOf(objects)).toContain('--watch-namespaces=ops');
    // Accounts live in no namespace.
    expect(argsOf(objects)).toContain('--accounts=false');
  });

  test('are given in each namespace that a namespaced installation looks after', async () => {
    const objects = await render('everything', '--set=rbac.scope=namespaced', '--set=rbac.userRoles=false');

    expect(ofKind(objects, 'ClusterRole')).toEqual([]);
    expect(ofKind(objects, 'RoleBinding').map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'jobs', 'ops']);
  });
});

describe('the CRDs in the chart', () => {
  test('are those of crds/', async () => {
    const rendered = ofKind(await render('least'), 'CustomResourceDefinition');

    expect(rendered.map(({ spec }) => spec)).toEqual(readCrds().map(({ crd }) => crd.spec));
  });

  test.for([
    { flags: [], policy: 'keep' },
    { flags: ['--set=crds.keep=false'], policy: undefined },
  ])('are kept at uninstall ($policy) with $flags', async ({ flags, policy }) => {
    const rendered = ofKind(await render('least', ...flags), 'CustomResourceDefinition');

    expect(rendered.map(({ metadata }) => metadata.annotations['helm.sh/resource-policy'])).toEqual(
      readCrds().map(() => policy),
    );
  });
});
