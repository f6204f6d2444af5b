import { Document, isMap, type Scalar, stringify } from 'yaml';
import { ALL_DEFINITIONS } from '../../src/kinds/index.ts';
import { customResourceDefinition } from '../generate-crds.ts';
import { chartPage } from './chart-page.ts';
import type { ChartValue, Schema } from './chart-value.ts';
import { VALUES } from './values.ts';

const CHART = 'charts/ecs-operator';
const MADE = 'Made from tools/chart/values.ts by `make generate`: change it there.';

/** The chart's values, their schema, its page, and its CRDs. */
export function generateChart(): ReadonlyMap<string, string> {
  return new Map([
    [`${CHART}/values.yaml`, valuesText(VALUES)],
    [`${CHART}/values.schema.json`, `${JSON.stringify(valuesSchema(VALUES), undefined, 2)}\n`],
    [`${CHART}/README.md`, chartPage(VALUES)],
    ...ALL_DEFINITIONS.map((definition): [string, string] => [
      `${CHART}/templates/crds/${definition.plural}.yaml`,
      crdTemplate(customResourceDefinition(definition)),
    ]),
  ]);
}

/** A nested record of the defaults, each under its path. */
function defaultsOf(values: readonly ChartValue[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { path, fallback } of values) place(root, path.split('.'), fallback);
  return root;
}

function place(node: Record<string, unknown>, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    node[step] = value;
    return;
  }
  const child = (node[step] ??= {}) as Record<string, unknown>;
  place(child, rest, value);
}

function valuesText(values: readonly ChartValue[]): string {
  const document = new Document(defaultsOf(values), { aliasDuplicateObjects: false });
  document.commentBefore = ` ${MADE}`;
  for (const { path, description } of values) {
    const steps = path.split('.');
    const parent = steps.length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true);
    if (!isMap<Scalar>(parent)) continue;
    const key = parent.items.find((item) => item.key.value === steps.at(-1))?.key;
    if (key) key.commentBefore = ` ${description}`;
  }
  return document.toString({ lineWidth: 0 });
}

/** Nothing but what is listed may be set, or a misspelt value would be lost without a word. */
function valuesSchema(values: readonly ChartValue[]): object {
  const root = objectSchema();
  for (const value of values) placeSchema(root, value.path.split('.'), value);
  // A parent chart hands its `global` on, and the condition by which it switches this one on.
  Object.assign(root.properties, { global: { type: 'object' }, enabled: { type: 'boolean' } });
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Values of ecs-operator', ...root };
}

interface ObjectSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Record<string, Schema | ObjectSchema>;
}

function objectSchema(): ObjectSchema {
  return { type: 'object', additionalProperties: false, properties: {} };
}

function placeSchema(node: ObjectSchema, [step = '', ...rest]: readonly string[], value: ChartValue): void {
  if (rest.length === 0) {
    node.properties[step] = { description: value.description, ...value.schema };
    return;
  }
  const child = (node.properties[step] ??= objectSchema()) as ObjectSchema;
  placeSchema(child, rest, value);
}

/** Helm installs what is in `crds/` once and never upgrades it, so the CRDs are templates. */
function crdTemplate(crd: object): string {
  const text = stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false });
  if (text.includes('{{')) throw new Error('a CRD has words that Helm would take for its own');
  const body = text.replace(
    /^metadata:\n/m,
    [
      'metadata:',
      '  labels:',
      '    {{- include "ecs-operator.labels" . | nindent 4 }}',
      '  {{- with include "ecs-operator.crdAnnotations" . }}',
      '  annotations:',
      '    {{- . | nindent 4 }}',
      '  {{- end }}',
      '',
    ].join('\n'),
  );
  return `{{- /* Made from src/kinds by \`make generate\`. */ -}}\n{{- if .Values.crds.enabled }}\n${body}{{- end }}\n`;
}
