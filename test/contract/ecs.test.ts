import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backing, locateBackings } from './ecs-backings.ts';
import { CASES } from './ecs-cases.ts';
import { DEVIATIONS } from './ecs-deviations.ts';

const sources = locateBackings(process.env);
const unavailable = sources.filter(({ missing }) => missing !== undefined);

describe.for(sources.filter(({ missing }) => missing === undefined))('ECS by $name', ({ name, start }) => {
  let backing: Backing;

  beforeAll(async () => {
    backing = await start();
  });

  afterAll(async () => {
    await backing[Symbol.asyncDispose]();
  });

  test.for(CASES.map((each) => ({ ...each, deviation: DEVIATIONS[name]?.[each.id] })))(
    '$fact (known deviation: $deviation)',
    async ({ id, run, deviation }) => {
      const resource = `contract-${id}-${randomBytes(3).toString('hex')}`;

      const verdict = run(backing.ecs, resource, backing.patienceMs, backing.scaling).then(
        () => 'holds',
        (error: unknown) => (deviation === undefined ? Promise.reject(error) : 'deviates'),
      );

      await expect(verdict).resolves.toBe(deviation === undefined ? 'holds' : 'deviates');
    },
  );
});

describe('a backing that cannot be had here', () => {
  // oxlint-disable-next-line vitest/expect-expect -- there is nothing to expect of what is not there; it is told and counted
  test.for(unavailable)('$name is told: $missing', ({ missing }, { skip }) => {
    skip(missing);
  });
});

describe('the table of deviations', () => {
  test('names only cases that there are', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    const unknown = Object.values(DEVIATIONS).flatMap((rows) => Object.keys(rows).filter((id) => !ids.has(id)));

    expect(unknown).toEqual([]);
  });
});
