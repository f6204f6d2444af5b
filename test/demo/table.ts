import { z } from 'zod';
import type { Cluster } from '../support/kubectl.ts';

const Condition = z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() });

const Shown = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), generation: z.number().optional() }),
  status: z
    .object({
      observedGeneration: z.number().optional(),
      conditions: z.array(Condition).default([]),
      desiredCount: z.number().optional(),
      runningCount: z.number().optional(),
      rolloutState: z.string().optional(),
      revision: z.union([z.string(), z.number()]).optional(),
      state: z.string().optional(),
    })
    .default({ conditions: [] }),
});
export type Shown = z.infer<typeof Shown>;

/** Every object of ours in the namespace, as the API server has it now. */
export async function readObjects(cluster: Cluster, namespace: string): Promise<readonly Shown[]> {
  const { stdout, stderr, code } = await cluster.kubectl(['get', 'ecs', '--namespace', namespace, '--output=json']);
  if (code !== 0) throw new Error(stderr);
  return z.object({ items: z.array(Shown) }).parse(JSON.parse(stdout)).items;
}

export function conditionOf(object: Shown | undefined, type: string): z.infer<typeof Condition> | undefined {
  return object?.status.conditions.find((condition) => condition.type === type);
}

const COLUMNS = ['OBJECT', 'READY', 'RUNNING', 'ROLLOUT', 'REVISION', 'REASON'] as const;

/** The objects as lines of text; messages of what is not ready below them. */
export function renderTable(objects: readonly Shown[], width: number): string {
  const rows = [COLUMNS, ...objects.map(rowOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const messages = objects.flatMap((object) => {
    const ready = conditionOf(object, 'Ready');
    return ready === undefined || ready.status === 'True' ? [] : [`${object.metadata.name}: ${ready.message}`];
  });
  return [...lines, '', ...messages].map((line) => line.slice(0, width)).join('\n');
}

function rowOf(object: Shown): readonly string[] {
  const { status, kind, metadata } = object;
  const ready = conditionOf(object, 'Ready');
  const isCounted = status.runningCount !== undefined || status.desiredCount !== undefined;
  return [
    `${kind.toLowerCase()}/${metadata.name}`,
    ready?.status ?? '',
    isCounted ? `${status.runningCount ?? 0}/${status.desiredCount ?? '?'}` : '',
    status.rolloutState ?? status.state ?? '',
    String(status.revision ?? ''),
    conditionOf(object, 'Stalled')?.reason ?? ready?.reason ?? '',
  ];
}
