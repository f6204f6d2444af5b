import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backing, locateBackings } from './ecs-backings.ts';
import { CASES } from './ecs-cases.ts';
import { DEVIATIONS } from './ecs-deviations.ts';

for (const { name, missing, start } of locateBackings(process.env)) {
  if (missing !== undefined) {
    describe(`ECS by ${name}`, () => test.skip(`was not run: ${missing}`));
    continue;
  }
  describe(`ECS by ${name}`, () => {
    let backing: Backing;

    beforeAll(async () => {
      backing = await start();
    });

    afterAll(async () => {
      await backing[Symbol.asyncDispose]();
    });

    for (const { id, fact, run } of CASES) {
      const deviation = DEVIATIONS[name]?.[id];
      const resource = `contract-${id}-${randomBytes(3).toString('hex')}`;
      if (deviation === undefined) test(fact, () => run(backing.ecs, resource, backing.patienceMs));
      else
        test(`${name} deviates (${deviation}): ${fact}`, async () => {
          await expect(run(backing.ecs, resource, backing.patienceMs)).rejects.toThrow();
        });
    }
  });
}

describe('the table of deviations', () => {
  test('names only cases that there are', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    const unknown = Object.values(DEVIATIONS).flatMap((rows) => Object.keys(rows).filter((id) => !ids.has(id)));

    expect(unknown).toEqual([]);
  });
});
