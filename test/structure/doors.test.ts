import { describe, expect, test } from 'vitest';
import { importsOf, readFiles } from './source-files.ts';

const shipped = readFiles('src/**/*.ts').filter(({ path }) => !path.endsWith('.test.ts'));

/** Comments may name what code may not do. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}

function filesWith(pattern: RegExp): readonly string[] {
  return shipped.filter(({ text }) => pattern.test(codeOf(text))).map(({ path }) => path);
}

describe('one door to each world', () => {
  test('one file imports the Kubernetes client', () => {
    const importers = shipped.filter((file) =>
      importsOf(file).some(({ specifier }) => specifier.startsWith('@kubernetes/client-node')),
    );

    expect(importers.map(({ path }) => path)).toEqual(['src/runtime/kube/kube-client.ts']);
  });

  test('one file constructs AWS clients', () => {
    expect(filesWith(/new \w*Client\(/)).toEqual(['src/aws/ecs-client.ts']);
  });

  test('one file asks the machine for the time', () => {
    expect(filesWith(/Date\.now\(|new Date\(\)|performance\.now\(|setTimeout\(|setInterval\(/)).toEqual([
      'src/lib/clock.ts',
    ]);
  });

  test('one file asks the machine for chance', () => {
    expect(filesWith(/Math\.random/)).toEqual(['src/lib/random.ts']);
  });

  test('the environment is read where the process begins', () => {
    expect(filesWith(/process\.env/)).toEqual(['src/cmd/main.ts']);
  });
});
