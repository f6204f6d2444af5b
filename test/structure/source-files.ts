import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The files that match, as they are now. `node_modules` never does. */
export function readFiles(...patterns: string[]): readonly SourceFile[] {
  return globSync(patterns, { cwd: ROOT, exclude: (name) => name === 'node_modules' || name === 'dist' })
    .toSorted()
    .map((file) => ({ path: file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

export interface Import {
  readonly from: string;
  /** As written: `../core/plan.ts`, `zod`, `node:fs`. */
  readonly specifier: string;
  /** Where a relative one leads, from the project's root. */
  readonly target: string | undefined;
  readonly isTypeOnly: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** The imports and re-exports of a file. */
export function importsOf({ path: from, text }: SourceFile): readonly Import[] {
  return [...text.matchAll(IMPORT)].map(([, type, name, dynamicName]) => {
    const specifier = name ?? dynamicName ?? '';
    const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : undefined;
    return { from, specifier, target, isTypeOnly: type !== undefined };
  });
}

/** `@aws-sdk/client-ecs/x` → `@aws-sdk/client-ecs`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
