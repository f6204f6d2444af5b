/** One figure, and what it is to be if it has been promised. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly target?: string;
  readonly isMet?: boolean;
}

export function figure(name: string, value: number | string, unit = ''): Figure {
  return { name, value: shown(value, unit) };
}

export function atMost(name: string, value: number, limit: number, unit = ''): Figure {
  return { name, value: shown(value, unit), target: `≤ ${shown(limit, unit)}`, isMet: value <= limit };
}

export function exactly(name: string, value: number | string, wanted: number | string, unit = ''): Figure {
  return { name, value: shown(value, unit), target: shown(wanted, unit), isMet: value === wanted };
}

/** A Markdown table. A target that was missed says so. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, target = '', isMet = true }) => {
    const verdict = isMet ? '' : ' (missed)';
    return `| ${name} | ${value} | ${target}${verdict} |`;
  });
  return ['| figure | measured | target |', '| --- | ---: | ---: |', ...rows].join('\n');
}

export function missed(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter(({ isMet }) => isMet === false);
}

/** Three digits that count, and no zeros at the end. */
function shown(value: number | string, unit: string): string {
  const text = typeof value === 'string' ? value : String(rounded(value));
  return unit === '' ? text : `${text} ${unit}`;
}

function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
