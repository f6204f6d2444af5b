import { describe, expect, test } from 'vitest';
import { ecsClusterDefinition } from '../../src/kinds/ecs-cluster/definition.ts';
import type { KubeApi } from '../../src/runtime/kube/kube-api.ts';
import { EVENTS } from '../support/fake-kube-api.ts';
import { openStage, RESYNC_MS } from '../support/operator-stage.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { serviceNamed } from '../support/shop-objects.ts';
import { CANARY, leaksIn } from './oracles/canary.ts';
import { createProcessMetrics } from './oracles/figures.ts';
import { play } from './play.ts';
import { CLUSTER, cluster, DEFINITION, definition, SERVICE } from './scenarios/acts.ts';
import { SCENARIOS } from './scenarios/all.ts';

/** Those in which something is told of a change, a refusal and a failure. */
const TOLD = [
  'the whole stack is applied at once',
  'a spec breaks a rule, and is mended',
  'a stranger has our names, and is then adopted',
  'tags are put, changed and taken off',
  'a rollout is rolled back, then mended',
];

const TAG = `shop ${CANARY}`;
/** What a user needs to read. */
const KEPT = 'family web, image shop/web:1';

/** AWS quotes what it does not like: what a request holds of secrets. */
const QUOTING = [
  {
    action: 'RegisterTaskDefinition',
    name: 'ClientException',
    code: 'Rejected',
    of: DEFINITION,
    quoted: [CANARY, `/shop/${CANARY}`, TAG],
  },
  { action: 'CreateCluster', name: 'Unheard', code: 'Bug', of: CLUSTER, quoted: [TAG] },
  { action: 'CreateCluster', name: 'InvalidParameterException', code: 'Rejected', of: CLUSTER, quoted: [TAG] },
  { action: 'CreateService', name: 'AccessDeniedException', code: 'AccessDenied', of: SERVICE, quoted: [TAG] },
] as const;

const { signal } = new AbortController();
const SHOP = { namespace: 'shop', name: 'shop' };

interface Teller {
  readonly where: string;
  readonly lines?: readonly unknown[];
  readonly tell?: (api: KubeApi) => Promise<unknown>;
}

const TELLERS: readonly Teller[] = [
  { where: 'the log', lines: [{ err: new Error('outer', { cause: new Error(CANARY) }) }] },
  { where: 'the log', lines: [{ level: 'info', facts: { spec: { value: CANARY } } }] },
  {
    where: 'an Event',
    tell: (api) => api.create(EVENTS, { metadata: { ...SHOP, name: 'shop.1' }, note: `refused: ${CANARY}` }, signal),
  },
  {
    where: 'a status',
    async tell(api) {
      const { group, version, plural } = ecsClusterDefinition;
      const status = { conditions: [{ type: 'Ready', message: CANARY }] };
      await api.patch({ group, version, plural }, SHOP, { subresource: 'status', body: { status } }, signal);
      // It was told although it is no longer there.
      await api.patch({ group, version, plural }, SHOP, { subresource: 'status', body: { status: null } }, signal);
    },
  },
];

describe('a secret of a user', () => {
  test.for(SCENARIOS.filter(({ name }) => TOLD.includes(name)))('is in no metric: $name', async (scenario) => {
    const metrics = createProcessMetrics();
    await play(scenario, [], { metrics });

    const scraped = await metrics.metrics.registry.metrics();

    expect(scraped).toContain('aws_requests_total');
    expect(scraped).not.toContain(CANARY);
  });

  test.for(QUOTING)('is told by nobody when $action is refused by words that quote it ($code)', async (refusal) => {
    const { action, name, code, of } = refusal;
    const log = createRecordingLog();
    const stage = await openStage({ log });
    const message = `Invalid values: ${refusal.quoted.map((value) => `'${value}'`).join(' ')}, of ${KEPT}.`;
    const fault = stage.simulator.faults.add({ action, when: 'before', error: { name, message } });
    stage.start();
    const tags = [{ key: 'team', value: TAG }];
    const objects = [cluster, definition(), serviceNamed('web')];

    stage.apply(...objects.map((object) => ({ ...object, spec: { ...object.spec, tags } })));
    await stage.clock.runUntil(() => stage.unreadyBy(of) === code, { limitMs: RESYNC_MS });
    await stage.clock.advance(RESYNC_MS);

    const told = stage.object(of)?.status.conditions?.find(({ type }) => type === 'Ready')?.message;
    expect(fault.fired).toBeGreaterThan(0);
    expect(told).toContain(`${action}: Invalid values: ${refusal.quoted.map(() => "'…'").join(' ')}, of ${KEPT}.`);
    expect(log.lines.filter(({ facts }) => facts['reason'] === code)).not.toEqual([]);
    expect(leaksIn(stage, log.lines)).toEqual([]);
    stage.crash();
  });

  test.for(TELLERS)('would be found in $where', async ({ where, lines = [], tell }) => {
    const stage = await openStage();
    stage.apply(cluster);
    expect(leaksIn(stage, [{ message: 'step applied' }])).toEqual([]);

    await tell?.(stage.api);

    expect(leaksIn(stage, lines)).toEqual([expect.stringContaining(`${where} tells a secret`)]);
  });
});
