import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Fragment } from '../../src/api/rule.ts';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { askBoth, type Objections } from '../support/both-verdicts.ts';
import { readCrds } from '../support/crds.ts';
import { type FieldCase, fieldCases } from '../support/field-cases.ts';
import { judgeOfFile } from '../support/file-judge.ts';

const KINDS = readCrds().map(({ definition, schema }) => ({ definition, kind: definition.kind, schema }));

type Shape = Objections['shape'];

const judge = judgeOfFile('bounds');

async function ask(definition: SchemaDefinition, spec: unknown): Promise<{ api: Shape; operator: Shape }> {
  const { group, version, kind } = definition;
  const object = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'bounds' }, spec: spec as Fragment };
  const { api, operator } = await askBoth(judge, definition, object);
  return { api: api.shape, operator: operator.shape };
}

/** Nothing where both refuse the same members of what is past the bound, and none of what is within. */
async function disagreements(definition: SchemaDefinition, { path, keyword, past, within, disputed }: FieldCase) {
  const refused = past === undefined ? undefined : await ask(definition, past);
  const accepted = within === undefined ? undefined : await ask(definition, within);
  const judged = disputed === undefined ? undefined : await ask(definition, disputed);
  const isRefused =
    refused === undefined || (refused.api.length > 0 && isDeepStrictEqual(refused.api, refused.operator));
  const isAccepted = accepted === undefined || accepted.api.length + accepted.operator.length === 0;
  const isJudgedAlike = judged === undefined || isDeepStrictEqual(judged.api, judged.operator);
  return isRefused && isAccepted && isJudgedAlike ? [] : [{ path, keyword, past: refused, within: accepted, judged }];
}

describe('the shape of a spec', () => {
  test.for(KINDS)('of $kind has one verdict from API server and operator', async ({ definition, schema }) => {
    const cases = fieldCases(schema);

    const found = [];
    for (const one of cases) found.push(...(await disagreements(definition, one)));

    console.log(`${definition.kind}: ${cases.length} values past a bound, an enum or a type`);
    expect(found).toEqual([]);
  });
});
