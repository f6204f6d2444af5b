import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import type { Structural } from '../../tools/generate-crds.ts';
import type { Cluster } from './kubectl.ts';

export const CRDS = join(import.meta.dirname, '..', '..', 'crds');

/** As much of a CRD as the tests look at. */
export interface Crd {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
    readonly versions: readonly [
      {
        readonly name: string;
        readonly schema: { readonly openAPIV3Schema: Structural };
        readonly additionalPrinterColumns: readonly { readonly name: string; readonly priority?: number }[];
      },
    ];
  };
}

export interface CrdFile {
  /** Name of the file. */
  readonly file: string;
  readonly crd: Crd;
  readonly definition: SchemaDefinition;
  /** Of `spec`. */
  readonly schema: Structural;
}

/** What users apply, as it stands in the files. */
export function readCrds(): readonly CrdFile[] {
  return globSync(join(CRDS, '*.yaml'))
    .toSorted()
    .map((path) => {
      const crd = parse(readFileSync(path, 'utf8')) as Crd;
      const definition = ALL_DEFINITIONS.find(({ kind }) => kind === crd.spec.names.kind);
      const schema = crd.spec.versions[0].schema.openAPIV3Schema.properties?.['spec'];
      if (definition === undefined || schema === undefined) throw new Error(`${path} is the CRD of no kind of ours`);
      return { file: basename(path), crd, definition, schema };
    });
}

/** Applies all CRDs and waits until the API server serves them. */
export async function installCrds(cluster: Cluster): Promise<void> {
  for (const args of [
    ['apply', '--server-side', '--force-conflicts', '-f', CRDS],
    ['wait', '--for=condition=Established', '--timeout=30s', '-f', CRDS],
  ]) {
    const { code, stderr } = await cluster.kubectl(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with code ${code}: ${stderr.trim()}`);
  }
}
