import { describe, expect, test } from 'vitest';
import type { Panel } from '../../tools/monitoring/panels.ts';
import type { Series } from './history.ts';
import { drawDashboard } from './picture.ts';
import { roundUp, writeValue } from './units.ts';

const PANEL: Panel = { title: 'Calls < 1', expr: 'x', legend: '{{operation}} {{nobody}}', unit: 'reqps' };
const SPAN = { start: 0, end: 60_000, step: 10_000 };

function seriesOf(operation: string, ...points: readonly (readonly [number, number])[]): Series {
  return { labels: { operation }, points: points.map(([at, value]) => [at, value]) };
}

function draw(...series: readonly Series[]): string {
  return drawDashboard([{ panel: PANEL, series }], SPAN);
}

describe('a panel', () => {
  test('has its title, its unit on the axis and its series in the legend, with labels in place of their names', () => {
    const picture = draw(seriesOf('CreateCluster', [0, 1.5], [10_000, 2]));

    expect(picture).toContain('>Calls &lt; 1</text>');
    expect(picture).toContain('>2/s</text>');
    expect(picture).toContain('>CreateCluster </text>');
    expect(picture).toContain('d="M64 67L130.7 36"');
  });

  test('breaks a line where nothing was answered, because nothing was seen there', () => {
    const picture = draw(seriesOf('a', [0, 1], [10_000, 1], [40_000, 1], [50_000, 1]));

    expect(picture).toContain('d="M64 36L130.7 36M330.7 36L397.3 36"');
  });

  test('counts what stays at 0, and what the legend has no room for, instead of hiding it', () => {
    const many = Array.from({ length: 40 }, (_, index) => seriesOf(`DescribeServices${index}`, [0, index + 1]));

    expect(draw(seriesOf('a', [0, 0]), seriesOf('b'))).toContain('>and 2 at 0 or without a value</text>');
    expect(draw(...many, seriesOf('rest', [0, 0]))).toMatch(/>and \d+ more, 1 at 0 or without a value<\/text>/);
  });
});

describe('a value', () => {
  test.for([
    { value: 0.02, unit: 's', text: '20 ms' },
    { value: 2, unit: 's', text: '2 s' },
    { value: 0, unit: 's', text: '0 s' },
    { value: 123_456_789, unit: 'bytes', text: '123 MB' },
    { value: 0.333_33, unit: 'reqps', text: '0.333/s' },
    { value: 12, unit: 'short', text: '12' },
  ] as const)('$value in $unit is written $text', ({ value, unit, text }) => {
    expect(writeValue(value, unit)).toBe(text);
  });

  test.for([
    { value: 0, top: 1 },
    { value: 0.21, top: 0.25 },
    { value: 3, top: 5 },
    { value: 5, top: 5 },
    { value: 51, top: 100 },
  ])('$value is seen on an axis up to $top', ({ value, top }) => {
    expect(roundUp(value)).toBeCloseTo(top);
  });
});
