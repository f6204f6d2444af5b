import type { Panel } from '../../tools/monitoring/panels.ts';

/** `12 MB`, `0.3/s`, `20 ms`: as the dashboard would write it, three digits at most. */
export function writeValue(value: number, unit: Panel['unit']): string {
  switch (unit) {
    case 'short':
      return digits(value);
    case 'reqps':
      return `${digits(value)}/s`;
    case 'bytes':
      return `${digits(value / 1_000_000)} MB`;
    case 's':
      return value > 0 && value < 1 ? `${digits(value * 1_000)} ms` : `${digits(value)} s`;
  }
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The least of 1, 2, 2.5 and 5 times a power of ten that is no less. Where nothing is to be seen, 1. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5].find((each) => each * power >= value * 0.999_999) ?? 10;
  return factor * power;
}
