import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateChart } from './generate-chart.ts';
import { VALUES } from './values.ts';

const files = generateChart();
const values: unknown = parse(files.get('charts/ecs-operator/values.yaml') ?? '');
const schema: unknown = JSON.parse(files.get('charts/ecs-operator/values.schema.json') ?? '{}');

describe('the values of the chart', () => {
  test.for(VALUES)('$path has its default, its schema and its words', ({ path, fallback, description }) => {
    expect(values).toHaveProperty(path, fallback);
    expect(schema).toHaveProperty(`properties.${path.replaceAll('.', '.properties.')}.description`, description);
    expect(description).toMatch(/\.$/);
  });

  test('are refused where nobody listed them, at every level, because a misspelt one would be lost without a word', () => {
    const objects = openObjectsOf(schema);

    expect(objects).toEqual([]);
  });

  test('are said above themselves in the file, because that is where people look', () => {
    const file = files.get('charts/ecs-operator/values.yaml') ?? '';

    for (const { description } of VALUES) expect(file).toContain(`# ${description}\n`);
  });
});

/** Objects of ours that take members which they do not name; Kubernetes's own pieces name none. */
function openObjectsOf(node: unknown, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null || !('properties' in node)) return [];
  const own = 'additionalProperties' in node && node.additionalProperties === false ? [] : [path];
  return [
    ...own,
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => openObjectsOf(child, `${path}.${name}`)),
  ];
}
