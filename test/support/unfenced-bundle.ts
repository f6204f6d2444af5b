import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE } from './operator-process.ts';

const QUESTION = 'beforeWrite:()=>elector?.assertHeld()';

export interface UnfencedBundle extends AsyncDisposable {
  readonly path: string;
}

/** The bundle without the question for the lease before each write, so that a test can show that it would be missed. */
export async function makeUnfencedBundle(): Promise<UnfencedBundle> {
  const fenced = await readFile(BUNDLE, 'utf8');
  if (!fenced.includes(QUESTION)) throw new Error(`${BUNDLE} has no ${QUESTION}`);
  const folder = await mkdtemp(join(tmpdir(), 'ecs-operator-unfenced-'));
  const path = join(folder, 'ecs-operator.mjs');
  await writeFile(path, fenced.replace(QUESTION, 'beforeWrite:()=>undefined'));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
