import { SETTINGS, type Setting } from '../../src/cmd/settings.ts';

/** A JSON schema, as far as values need one. */
export type Schema = Readonly<Record<string, unknown>>;

/** One value of the chart: `metrics.serviceMonitor.interval`, what it takes, and what it is unless stated. */
export interface ChartValue {
  readonly path: string;
  readonly schema: Schema;
  readonly fallback: unknown;
  readonly description: string;
}

interface Wording {
  readonly path: string;
  readonly description: string;
}

export function text({ path, description }: Wording, fallback = '', more: Schema = {}): ChartValue {
  return { path, description, fallback, schema: { type: 'string', ...more } };
}

export function flag({ path, description }: Wording, fallback: boolean): ChartValue {
  return { path, description, fallback, schema: { type: 'boolean' } };
}

export function whole({ path, description }: Wording, fallback: number, minimum: number, maximum: number): ChartValue {
  return { path, description, fallback, schema: { type: 'integer', minimum, maximum } };
}

export function oneOf({ path, description }: Wording, words: readonly string[]): ChartValue {
  return { path, description, fallback: words[0], schema: { type: 'string', enum: words } };
}

export function texts({ path, description }: Wording): ChartValue {
  return { path, description, fallback: [], schema: { type: 'array', items: { type: 'string', minLength: 1 } } };
}

/** A map of names to texts: labels, annotations, selectors. */
export function map({ path, description }: Wording, fallback: Readonly<Record<string, string>> = {}): ChartValue {
  return { path, description, fallback, schema: { type: 'object', additionalProperties: { type: 'string' } } };
}

/** A piece of Kubernetes's own API, which the API server checks. */
export function object({ path, description }: Wording, fallback: object = {}): ChartValue {
  return { path, description, fallback, schema: { type: 'object' } };
}

/** A list of pieces of Kubernetes's own API. */
export function objects({ path, description }: Wording, fallback: readonly object[] = []): ChartValue {
  return { path, description, fallback, schema: { type: 'array', items: { type: 'object' } } };
}

/**
 * A setting of the operator under a name of the chart: what it means is said once, in src/cmd/config.ts, unless the chart
 * takes it in another form.
 */
export function setting(path: string, name: Setting['name'], schema: Schema, description?: string): ChartValue {
  const found = SETTINGS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the operator has no setting ${name}`);
  return { path, description: description ?? found.description, schema, fallback: fallbackOf(found, schema) };
}

function fallbackOf({ fallback }: Setting, { type }: Schema): unknown {
  if (type === 'array') return [];
  if (type === 'object') return {};
  if (type === 'integer' || type === 'number') return Number(fallback);
  return type === 'boolean' ? fallback === 'true' : (fallback ?? '');
}
