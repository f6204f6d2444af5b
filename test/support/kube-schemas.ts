import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cluster } from './kubectl.ts';

const Definition = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  'x-kubernetes-group-version-kind': z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .optional(),
});
const OpenApi = z.object({ definitions: z.record(z.string(), Definition) });

/**
 * Writes the API server's own schemas in the layout that kubeconform reads, and returns the location to give it. Nothing
 * is fetched from the web, and what is checked is what this server takes. Members that no schema names are refused.
 */
export async function openKubeSchemas(cluster: Cluster, folder: string): Promise<string> {
  const { stdout } = await cluster.kubectl(['get', '--raw', '/openapi/v2']);
  const { definitions } = OpenApi.parse(JSON.parse(stdout));
  await mkdir(folder, { recursive: true });
  const strict = Object.fromEntries(Object.entries(definitions).map(([name, found]) => [name, closed(found)]));
  await writeFile(join(folder, 'definitions.json'), JSON.stringify({ definitions: strict }));
  for (const [name, found] of Object.entries(definitions)) {
    for (const { group, version, kind } of found['x-kubernetes-group-version-kind'] ?? []) {
      const file = ['kind', group.split('.')[0], version].filter(Boolean).join('-').replace('kind', kind.toLowerCase());
      await writeFile(join(folder, `${file}.json`), JSON.stringify({ $ref: `definitions.json#/definitions/${name}` }));
    }
  }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

/** JSON schema lets unnamed members pass unless told otherwise. A number or a text is what `int-or-string` means. */
function closed(definition: z.infer<typeof Definition>): object {
  if (definition['format'] === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  return definition.properties ? { ...definition, additionalProperties: false } : definition;
}
