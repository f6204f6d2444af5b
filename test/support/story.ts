import { z } from 'zod';
import type { Cluster } from './kubectl.ts';
import type { Stack } from './stack.ts';
import { waitFor } from './wait-for.ts';

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.string(),
  observedGeneration: z.number().optional(),
});

/** One of our objects, as a story looks at it. */
const StoryObject = z.object({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    generation: z.number(),
    resourceVersion: z.string(),
    finalizers: z.array(z.string()).default([]),
  }),
  spec: z.looseObject({}),
  status: z.looseObject({
    observedGeneration: z.number().optional(),
    conditions: z.array(Condition).default([]),
  }),
});
export type StoryObject = z.infer<typeof StoryObject>;

export interface Story {
  /** Applies YAML or an object into the story's namespace, by server-side apply as GitOps tools do. */
  apply(manifest: string | object): Promise<void>;
  /** The object as it is now; `name` as kubectl takes it: `ecsservice/web`. */
  get(name: string): Promise<StoryObject | undefined>;
  /** Waits until it is Ready for its newest generation. */
  ready(name: string): Promise<StoryObject>;
  /** Waits until it is Stalled for its newest generation, with that reason. */
  stalled(name: string, reason: string): Promise<StoryObject>;
  /** Waits until `holds` does. */
  until(name: string, what: string, holds: (object: StoryObject) => boolean, timeoutMs?: number): Promise<StoryObject>;
  /** Waits until there is no such object. */
  gone(name: string, timeoutMs?: number): Promise<void>;
  patch(name: string, patch: object, ...flags: readonly string[]): Promise<void>;
  annotate(name: string, annotations: Readonly<Record<string, string>>): Promise<void>;
  remove(...names: readonly string[]): Promise<void>;
  /** Asks for a look at the object now, and waits until it has been looked at. */
  look(name: string): Promise<void>;
  /** Reasons of the Kubernetes Events about the object. */
  eventReasons(name: string): Promise<readonly string[]>;
  /** kubectl in the story's namespace; throws where it fails. */
  kubectl(...args: readonly string[]): Promise<string>;
}

export function condition(object: StoryObject | undefined, type: string): z.infer<typeof Condition> | undefined {
  return object?.status.conditions.find((each) => each.type === type);
}

const PATIENCE_MS = 60_000;

export function tellStory(cluster: Cluster, stack: Stack): Story {
  const { namespace } = stack;

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { stdout, stderr, code } = await cluster.kubectl([...args, '--namespace', namespace]);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  async function get(name: string): Promise<StoryObject | undefined> {
    const found = await kubectl('get', name, '--ignore-not-found', '--output=json');
    return found === '' ? undefined : StoryObject.parse(JSON.parse(found));
  }

  async function until(name: string, what: string, holds: (object: StoryObject) => boolean, timeoutMs = PATIENCE_MS) {
    const found = await waitFor(
      `${name} to be ${what}`,
      () => get(name),
      (object) => object !== undefined && holds(object),
      { timeoutMs, operator: stack.operator },
    );
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  }

  return {
    kubectl,
    get,
    until,
    apply: async (manifest) => void (await cluster.apply(manifest, '--server-side', '--namespace', namespace)),
    ready: (name) =>
      until(name, 'Ready', (object) => isCurrent(object) && condition(object, 'Ready')?.status === 'True'),
    stalled: (name, reason) =>
      until(
        name,
        `Stalled, ${reason}`,
        (object) => isCurrent(object) && condition(object, 'Stalled')?.reason === reason,
      ),
    async gone(name, timeoutMs = PATIENCE_MS) {
      const options = { timeoutMs, operator: stack.operator };
      await waitFor(
        `${name} to be gone`,
        () => get(name),
        (object) => object === undefined,
        options,
      );
    },
    async patch(name, patch, ...flags) {
      await kubectl('patch', name, '--type=merge', `--patch=${JSON.stringify(patch)}`, ...flags);
    },
    async annotate(name, annotations) {
      const words = Object.entries(annotations).map(([key, value]) => `${key}=${value}`);
      await kubectl('annotate', name, '--overwrite', ...words);
    },
    async remove(...names) {
      await kubectl('delete', ...names, '--wait=false');
    },
    async look(name) {
      const seen = stack.simulator.calls.length;
      await kubectl('annotate', name, '--overwrite', `ecs-operator.dev/reconcile-at=look-${seen}`);
      const options = { timeoutMs: PATIENCE_MS, operator: stack.operator };
      await waitFor(
        `a look at ${name}`,
        () => stack.simulator.calls.length,
        (calls) => calls > seen,
        options,
      );
    },
    async eventReasons(name) {
      const object = await get(name);
      const selector = `involvedObject.uid=${object?.metadata.uid}`;
      const found = await kubectl('get', 'events', `--field-selector=${selector}`, '--output=json');
      const events = z.object({ items: z.array(z.object({ reason: z.string() })) }).parse(JSON.parse(found));
      return events.items.map(({ reason }) => reason);
    },
  };
}

function isCurrent({ metadata, status }: StoryObject): boolean {
  return status.observedGeneration === metadata.generation;
}
