import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Fragment } from '../../src/api/rule.ts';
import type { SchemaDefinition } from '../../src/api/schema-definition.ts';
import { type Judge, openJudge } from '../support/api-verdict.ts';
import { readCrds } from '../support/crds.ts';
import { type FieldCase, fieldCases } from '../support/field-cases.ts';
import { type KubeHttp, openKubeHttp } from '../support/kube-http.ts';
import { connectCluster } from '../support/kubectl.ts';

const KINDS = readCrds().map(({ definition, schema }) => ({ definition, kind: definition.kind, schema }));

const access = inject('cluster');
const cluster = connectCluster(access);
let http: KubeHttp;
let namespace: Awaited<ReturnType<typeof cluster.createNamespace>>;
let judge: Judge;

beforeAll(async () => {
  http = await openKubeHttp(access);
  namespace = await cluster.createNamespace('bounds');
  judge = openJudge(http, namespace.name);
});

afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  await http[Symbol.asyncDispose]();
});

/** Where the API server only says that it has not come to ask the rules. */
const NO_FIELD = '<nil>';

/**
 * Both verdicts on the shape of a spec, as the members that are wrong. Rules between members do not count. What the API
 * server accepts reaches the operator as it is stored.
 */
async function ask(definition: SchemaDefinition, sent: unknown): Promise<{ api: string[]; operator: string[] }> {
  const { group, version, kind, rules } = definition;
  const object = { apiVersion: `${group}/${version}`, kind, metadata: { name: 'bounds' }, spec: sent as Fragment };
  const { isAccepted, causes, spec } = await judge.create(object);
  const shape = causes.filter(({ message }) => !rules.some((rule) => message.includes(rule.message)));
  const { error } = definition.spec.safeParse(isAccepted ? spec : withoutNulls(sent));
  return {
    api: distinct(shape.map(({ field }) => field)),
    operator: distinct((error?.issues ?? []).map(({ path }) => ['spec', ...path].join('.'))),
  };
}

/** What would be stored of an object that is only refused by a rule: the API server drops members that are null. */
function withoutNulls(sent: unknown): unknown {
  return JSON.parse(JSON.stringify(sent), (_, value: unknown) => (value === null ? undefined : value));
}

/** Indexes as zod writes them. The scale subresource names its member with a dot before it. */
function distinct(fields: readonly string[]): string[] {
  const named = fields.filter((field) => field !== NO_FIELD);
  return [...new Set(named.map((field) => field.replace(/^\./, '').replaceAll(/\[(\w+)\]/g, '.$1')))].toSorted();
}

/** Nothing where both refuse the same members of what is past the bound, and none of what is within. */
async function disagreements(definition: SchemaDefinition, { path, keyword, past, within }: FieldCase) {
  const refused = past === undefined ? undefined : await ask(definition, past);
  const accepted = within === undefined ? undefined : await ask(definition, within);
  const isRefused =
    refused === undefined || (refused.api.length > 0 && isDeepStrictEqual(refused.api, refused.operator));
  const isAccepted = accepted === undefined || accepted.api.length + accepted.operator.length === 0;
  return isRefused && isAccepted ? [] : [{ path, keyword, past: refused, within: accepted }];
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
