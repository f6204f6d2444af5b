import { describe, expect, test } from 'vitest';
import { LooksUnderWay } from './looks-under-way.ts';

function untilSuperseded(superseded: AbortSignal): Promise<string> {
  return new Promise((resolve) => superseded.addEventListener('abort', () => resolve(String(superseded.reason))));
}

describe('looks under way', () => {
  test('are told when their wish is replaced, each alone, because others go on', async () => {
    const looks = new LooksUnderWay();
    const signals: AbortSignal[] = [];
    const first = looks.run('a', untilSuperseded);
    void looks.run('b', async (superseded) => {
      signals.push(superseded);
      await untilSuperseded(superseded);
    });

    looks.supersede('a');

    expect(await first).toContain('the wish was replaced');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  test('leave nothing behind, because a later wish is not about an earlier look', async () => {
    const looks = new LooksUnderWay();
    await looks.run('a', async () => undefined);
    looks.supersede('a');

    expect(await looks.run('a', async ({ aborted }) => aborted)).toBe(false);
  });

  test('all end together when nobody is to work any more', async () => {
    const looks = new LooksUnderWay();
    const both = Promise.all([looks.run('a', untilSuperseded), looks.run('b', untilSuperseded)]);

    looks.supersedeAll();

    expect(await both).toHaveLength(2);
  });
});
