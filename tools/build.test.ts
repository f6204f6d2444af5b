import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runProgram } from '../test/support/helm.ts';

const Component = z.object({ name: z.string(), version: z.string(), purl: z.string() });

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ecs-operator-bundle-'));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function bundleInto(folder: string): Promise<Readonly<Record<string, string>>> {
  const { code, stderr } = await runProgram(process.execPath, [join(import.meta.dirname, 'build.ts'), folder], {
    cwd: join(import.meta.dirname, '..'),
  });
  if (code !== 0) throw new Error(stderr);
  const files = (await readdir(folder)).toSorted();
  const hashes = files.map(async (file) => {
    const content = await readFile(join(folder, file));
    return [file, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

describe('the bundle', () => {
  test('is the same byte for byte the second time, because whoever builds it can then see that it is ours', async () => {
    const first = await bundleInto(join(root, 'one'));
    const second = await bundleInto(join(root, 'two'));

    expect(Object.keys(first)).toEqual([
      'ecs-operator.cdx.json',
      'ecs-operator.mjs',
      'ecs-operator.mjs.map',
      'licences.txt',
    ]);
    expect(second).toEqual(first);
  }, 180_000);

  test('names the licence of every package in it', async () => {
    const text = await readFile(join(root, 'one', 'licences.txt'), 'utf8');
    const sections = text.split(`\n${'-'.repeat(80)}\n\n`);

    expect(sections.length).toBeGreaterThan(30);
    for (const section of sections)
      expect(section).toMatch(/^\S+ \d+\.\d+\.\d+\S*: (?:Apache-2\.0|MIT|ISC|Unlicense)\n/);
  });

  test('has a bill of the same packages, by which scanners know them', async () => {
    const text = await readFile(join(root, 'one', 'licences.txt'), 'utf8');
    const bill = z
      .object({ components: z.array(Component) })
      .parse(JSON.parse(await readFile(join(root, 'one', 'ecs-operator.cdx.json'), 'utf8')));

    const inTheBill = bill.components.map(({ name, version }) => `${name} ${version}`);
    expect(inTheBill).toEqual(Array.from(text.matchAll(/^(\S+ \d+\.\d+\.\d+\S*): /gm), ([, name]) => name));
    expect(bill.components.map(({ purl }) => purl)).toContainEqual(
      expect.stringMatching(/^pkg:npm\/%40aws-sdk\/client-ecs@3\.\d+\.\d+$/),
    );
  });
});
