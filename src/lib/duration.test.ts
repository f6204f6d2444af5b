import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  test.for([
    ['30s', 30_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
  ] as const)('reads %s', ([text, ms]) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.for(['', '10', 'ten minutes', '-5s', '5d', '1m 30s'])('refuses %j, because Go would as well', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.for([0, 1, 999, 90_000, 86_400_000, 5_430_001])('reads back what formatDuration wrote of %i', (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
});
