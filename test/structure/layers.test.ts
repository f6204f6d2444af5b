import { describe, expect, test } from 'vitest';
import { importsOf, packageOf, readFiles, type SourceFile } from './source-files.ts';

interface Layer {
  /** Modules of `src` that it may import, beside itself. */
  readonly modules: readonly string[];
  readonly packages: readonly string[];
  /** Packages of which it may import types only. */
  readonly types?: readonly string[];
}

/** The table of ARCHITECTURE.md, in the order of dependency. */
const LAYERS: Readonly<Record<string, Layer>> = {
  lib: { modules: [], packages: ['node:crypto'] },
  core: { modules: ['lib'], packages: [] },
  api: { modules: ['lib', 'core'], packages: ['zod'], types: ['@aws-sdk/client-ecs'] },
  aws: {
    modules: ['lib', 'core'],
    packages: [
      '@aws-sdk/client-application-auto-scaling',
      '@aws-sdk/client-ecs',
      '@aws-sdk/client-sts',
      '@smithy/node-http-handler',
    ],
  },
  kinds: {
    modules: ['lib', 'core', 'api'],
    packages: ['zod'],
    types: ['@aws-sdk/client-application-auto-scaling', '@aws-sdk/client-ecs'],
  },
  runtime: {
    modules: ['lib', 'core'],
    packages: ['@kubernetes/client-node', 'undici', 'pino', 'prom-client', 'node:'],
  },
  cmd: { modules: ['lib', 'core', 'api', 'aws', 'kinds', 'runtime'], packages: ['zod', 'node:'] },
};

/** A kind may name the gateway's types, and nothing else of `aws`. */
const GATEWAY = 'src/aws/gateway.ts';

function violationsIn(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const [, from = '', kind] = file.path.split('/');
      const layer = LAYERS[from];
      if (layer === undefined) return [`${file.path}: src/${from} is in no layer`];
      if (imported.target === undefined) {
        const name = packageOf(imported.specifier);
        const isAllowed =
          layer.packages.some((allowed) => name === allowed || (allowed.endsWith(':') && name.startsWith(allowed))) ||
          (imported.isTypeOnly && layer.types?.includes(name) === true);
        return isAllowed ? [] : [`${file.path}: src/${from} may not import ${name}`];
      }
      if (imported.target === GATEWAY && from === 'kinds' && imported.isTypeOnly) return [];
      const [root, to = '', otherKind] = imported.target.split('/');
      if (root !== 'src') return [`${file.path}: src may not import ${imported.target}`];
      const isSibling = from === 'kinds' && to === 'kinds' && file.path !== 'src/kinds/index.ts' && kind !== otherKind;
      if (isSibling) return [`${file.path}: a kind may not import its sibling ${imported.target}`];
      return to === from || layer.modules.includes(to) ? [] : [`${file.path}: src/${from} may not import src/${to}`];
    }),
  );
}

const shipped = readFiles('src/**/*.ts').filter(({ path }) => !path.endsWith('.test.ts'));

describe('the layers of src', () => {
  test('hold in every file', () => {
    expect(shipped.length).toBeGreaterThan(30);
    expect(violationsIn(shipped)).toEqual([]);
  });

  test.for([
    { path: 'src/core/x.ts', text: "import { x } from '../aws/caller.ts';", because: 'core knows no AWS' },
    { path: 'src/runtime/x.ts', text: "import type { X } from '../kinds/index.ts';", because: 'it knows no kind' },
    { path: 'src/kinds/a/x.ts', text: "import { x } from '../b/x.ts';", because: 'kinds are apart' },
    { path: 'src/kinds/a/x.ts', text: "import { x } from '../../aws/gateway.ts';", because: 'types only' },
    { path: 'src/kinds/a/x.ts', text: "import { ECSClient } from '@aws-sdk/client-ecs';", because: 'types only' },
    { path: 'src/lib/x.ts', text: "export * from 'zod';", because: 're-exports count' },
    { path: 'src/api/x.ts', text: "const x = await import('pino');", because: 'dynamic imports count' },
    { path: 'src/cmd/x.ts', text: "import { x } from '../../test/simulator/world.ts';", because: 'src is alone' },
    { path: 'src/other/x.ts', text: "import { x } from 'zod';", because: 'each module has its place' },
  ])('are broken by $text in $path, as $because', ({ path, text }) => {
    expect(violationsIn([{ path, text }])).toHaveLength(1);
  });
});

describe('the simulator and the contract suite of ECS', () => {
  test('import nothing from src, so that they can contradict it', () => {
    const files = readFiles('test/simulator/**/*.ts', 'test/contract/ecs*.ts');

    const offences = files.flatMap((file) => importsOf(file).filter(({ target }) => target?.startsWith('src/')));

    expect(files.length).toBeGreaterThan(5);
    expect(offences).toEqual([]);
  });
});
