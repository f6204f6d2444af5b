import { setTimeout as sleep } from 'node:timers/promises';
import { apply, definitionWish, serviceWish, type Wish } from '../bench/load.ts';
import type { KubeHttp } from '../support/kube-http.ts';

/** The part of the objects that are definitions. */
const DEFINITIONS_PART = 0.1;
const CLUSTER = 'soak';
const IMAGES = 12;
const MOST_TASKS = 3;
const RETRY_MS = 500;

interface Want {
  readonly definitions: ReadonlyMap<string, { readonly image: string }>;
  readonly services: ReadonlyMap<string, { readonly definition: string; readonly desiredCount: number }>;
}

/** Those who write the objects: one edit after the other, by chance. What they want is what was accepted last. */
export interface Users {
  readonly want: Want;
  readonly edits: ReadonlyMap<string, number>;
  /** How often the service, or the definition that it runs, was edited. */
  editsOf(service: string): number;
  /** Makes all objects that there are to be. */
  create(): Promise<void>;
  /** One edit. It resolves when the API server has accepted it, however long that server is away. */
  edit(): Promise<void>;
}

interface Place {
  readonly kube: KubeHttp;
  readonly namespace: string;
  readonly random: () => number;
}

export function createUsers(place: Place, objects: number): Users {
  const { random } = place;
  const definitionCount = Math.max(Math.round(objects * DEFINITIONS_PART), 1);
  const definitions = new Map<string, { readonly image: string }>();
  const services = new Map<string, { readonly definition: string; readonly desiredCount: number }>();
  const touched = new Map<string, number>();
  const edits = new Map<string, number>();
  const pick = (count: number): number => Math.floor(random() * count);

  async function define(name: string, image: string): Promise<void> {
    await accepted(() => apply(place.kube, place.namespace, definitionWish(name, image)));
    definitions.set(name, { image });
  }

  async function serve(name: string, definition: string, desiredCount: number): Promise<void> {
    const wish = serviceWish(name, { cluster: CLUSTER, definition });
    await accepted(() => apply(place.kube, place.namespace, { ...wish, spec: { ...wish.spec, desiredCount } }));
    services.set(name, { definition, desiredCount });
  }

  const EDITS: readonly { readonly name: string; act(): Promise<string> }[] = [
    {
      name: 'a new image, or an earlier one',
      async act() {
        const name = `definition-${pick(definitionCount)}`;
        await define(name, `shop/web:${pick(IMAGES)}`);
        return name;
      },
    },
    ...['scale', 'scale'].map((name) => ({ name, act: scaleOne })),
    { name: 'delete and make anew', act: recreateOne },
  ];

  async function scaleOne(): Promise<string> {
    const name = `service-${pick(services.size)}`;
    await serve(name, services.get(name)?.definition ?? '', pick(MOST_TASKS + 1));
    return name;
  }

  async function recreateOne(): Promise<string> {
    const name = `service-${pick(services.size)}`;
    const { definition = '', desiredCount = 1 } = services.get(name) ?? {};
    await remove(place, name);
    await serve(name, definition, desiredCount);
    return name;
  }

  return {
    want: { definitions, services },
    edits,
    editsOf(service) {
      const definition = services.get(service)?.definition ?? '';
      return (touched.get(service) ?? 0) + (touched.get(definition) ?? 0);
    },
    async create() {
      const cluster: Wish = { kind: 'EcsCluster', name: CLUSTER, spec: {} };
      await accepted(() => apply(place.kube, place.namespace, cluster));
      for (let index = 0; index < definitionCount; index += 1) await define(`definition-${index}`, 'shop/web:0');
      for (let index = 0; index < objects - definitionCount - 1; index += 1) {
        await serve(`service-${index}`, `definition-${index % definitionCount}`, 1);
      }
    },
    async edit() {
      const chosen = EDITS[pick(EDITS.length)];
      if (chosen === undefined) return;
      const about = await chosen.act();
      touched.set(about, (touched.get(about) ?? 0) + 1);
      edits.set(chosen.name, (edits.get(chosen.name) ?? 0) + 1);
    },
  };
}

/** Deletes the service and waits until it is gone. */
async function remove({ kube, namespace }: Place, name: string): Promise<void> {
  const path = `/apis/ecs-operator.dev/v1alpha1/namespaces/${namespace}/ecsservices/${name}`;
  await accepted(async () => {
    const { code } = await kube.send({ method: 'DELETE', path });
    if (code >= 300 && code !== 404) throw new Error(`the deletion of ${name} was answered ${code}`);
  });
  await accepted(async () => {
    const { code } = await kube.send({ method: 'GET', path });
    if (code !== 404) throw new Error(`${name} is still there`);
  });
}

/** Tries until it is taken: the API server may be away, and the operator takes its time. */
async function accepted(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await sleep(RETRY_MS);
    }
  }
}
