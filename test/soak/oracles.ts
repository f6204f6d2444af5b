import { z } from 'zod';
import { type KubernetesWrite, readWrites } from '../support/control-plane-audit.ts';
import type { SoakStage } from './soak-stage.ts';
import type { Users } from './users.ts';

const Objects = z.object({
  items: z.array(
    z.object({
      kind: z.string().optional(),
      metadata: z.object({ name: z.string(), generation: z.number() }),
      status: z.looseObject({
        observedGeneration: z.number().optional(),
        conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string() })).default([]),
      }),
    }),
  ),
});

const EventWords = z.object({ reason: z.string().optional(), note: z.string().optional() });

const PLURALS = ['ecsclusters', 'ecstaskdefinitions', 'ecsservices'];

/** Objects that do not say Ready for their newest generation, with what they say. */
export async function unsettled({ kube, namespace }: SoakStage): Promise<readonly string[]> {
  const lists = await Promise.all(
    PLURALS.map(async (plural) => {
      const path = `/apis/ecs-operator.dev/v1alpha1/namespaces/${namespace}/${plural}`;
      const { body } = await kube.send({ method: 'GET', path });
      return Objects.parse(body).items.flatMap(({ metadata, status }) => {
        const ready = status.conditions.find(({ type }) => type === 'Ready');
        const isCurrent = status.observedGeneration === metadata.generation;
        if (isCurrent && ready?.status === 'True') return [];
        return `${plural}/${metadata.name} is ${isCurrent ? ready?.reason : 'not looked at yet'}`;
      });
    }),
  );
  return lists.flat();
}

/** Whatever in ECS differs from what was wanted last. */
export function mismatches({ simulator }: SoakStage, { want }: Users): readonly string[] {
  simulator.settle();
  const { services, taskDefinitions } = simulator.world;
  const live = [...services.values()].map(({ service }) => service).filter(({ status }) => status !== 'INACTIVE');
  const names = live.map(({ serviceName = '' }) => serviceName);
  const lost = [...want.services.keys()].filter((name) => !names.includes(name)).map((name) => `${name} is missing`);
  const orphans = names.filter((name) => !want.services.has(name)).map((name) => `nobody wants ${name}`);
  const wrong = live.flatMap(({ serviceName = '', desiredCount, runningCount, taskDefinition = '', deployments }) => {
    const wish = want.services.get(serviceName);
    const image = imageOf(taskDefinitions.get(taskDefinition)?.definition);
    const wanted = { image: want.definitions.get(wish?.definition ?? '')?.image, count: wish?.desiredCount };
    const isRight = image === wanted.image && desiredCount === wanted.count && runningCount === wanted.count;
    if (isRight && deployments?.length === 1) return [];
    const found = `${image} × ${runningCount}/${desiredCount} in ${deployments?.length} deployments`;
    return `${serviceName} is ${found}, not ${wanted.image} × ${wanted.count}`;
  });
  return [...lost, ...orphans, ...wrong];
}

/** What was made twice: revisions of one content in one family, and services that were rolled more often than edited. */
export function doubles({ simulator }: SoakStage, users: Users, updates: ReadonlyMap<string, number>) {
  const seen = new Set<string>();
  const revisions = [...simulator.world.taskDefinitions.values()].flatMap(({ definition }) => {
    if (definition.status !== 'ACTIVE') return [];
    const content = `${definition.family} with ${imageOf(definition)}`;
    if (seen.has(content)) return `${content} is ACTIVE twice`;
    seen.add(content);
    return [];
  });
  const rolled = [...updates].flatMap(([service, count]) => {
    const edits = users.editsOf(service);
    return count <= edits ? [] : `${service} was updated ${count} times after ${edits} edits`;
  });
  return [...revisions, ...rolled];
}

/** Writes since that moment: of the operator to Kubernetes but for its lease, and of anybody to ECS. */
export async function writesSince(stage: SoakStage, since: number): Promise<readonly string[]> {
  const { auditLogPath } = stage.plane.access;
  if (auditLogPath === undefined) throw new Error('the control plane keeps no record of writes');
  const writes = (await readWrites(auditLogPath)).filter(
    (write) => write.user === stage.user && write.resource !== 'leases' && Date.parse(write.at) >= since,
  );
  const kubernetes = await Promise.all(writes.map((write) => wordsOf(stage, write)));
  const ecs = stage.simulator.writes().filter(({ at }) => at >= since);
  return [...kubernetes, ...ecs.map(({ action }) => action)];
}

/** The write, and of an Event what it says. */
async function wordsOf({ kube }: SoakStage, { verb, resource, namespace, name, at }: KubernetesWrite): Promise<string> {
  const words = `${at} ${verb} ${resource}/${name}`;
  if (resource !== 'events') return words;
  const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events/${name}`;
  const { code, body } = await kube.send({ method: 'GET', path });
  if (code !== 200) return words;
  const { reason, note } = EventWords.parse(body);
  return `${words}: ${reason}: ${note}`;
}

function imageOf(definition: { containerDefinitions?: { image?: string | undefined }[] | undefined } | undefined) {
  return definition?.containerDefinitions?.[0]?.image;
}
