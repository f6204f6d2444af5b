import { parseArgs } from 'node:util';
import { z } from 'zod';
import { entriesOf } from '../lib/entries.ts';
import { Config } from './config.ts';

export interface Setting {
  readonly name: keyof Config;
  readonly flag: string;
  readonly env: string;
  readonly description: string;
  /** The text that holds where neither flag nor variable is given; undefined where there is none. */
  readonly fallback: string | undefined;
}

const Meta = z.object({ env: z.string(), description: z.string() });

/** The settings in their order of declaration. */
export const SETTINGS: readonly Setting[] = entriesOf(Config.shape).map(([name, schema]) => ({
  name,
  flag: name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ...Meta.parse(schema.meta()),
  fallback: fallbackOf(schema),
}));

export type ParsedSettings =
  | {
      readonly is: 'config';
      readonly config: Config;
      /** The same for the log, as flags: from wherever it came, without the values of tags, which are nobody's business. */
      readonly told: readonly string[];
    }
  | { readonly is: 'help'; readonly text: string }
  | { readonly is: 'version' }
  | { readonly is: 'refused'; readonly messages: readonly string[] };

/**
 * Flags, then variables, then defaults; an empty variable counts as not set. Never throws: what is wrong comes back as
 * one line each that names the flag and the variable.
 */
export function parseSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ParsedSettings {
  const flags = readFlags(args);
  if (typeof flags === 'string') return { is: 'refused', messages: [flags] };
  if (flags['help'] === true) return { is: 'help', text: helpText() };
  if (flags['version'] === true) return { is: 'version' };
  const texts = Object.fromEntries(
    SETTINGS.map(({ name, flag, env: variable }) => [name, flags[flag] ?? (env[variable] || undefined)]),
  );
  const parsed = Config.safeParse(texts);
  if (parsed.success) return { is: 'config', config: parsed.data, told: tellSettings(texts) };
  return {
    is: 'refused',
    messages: parsed.error.issues.map(({ path, message }) => describeIssue(String(path[0]), message)),
  };
}

function readFlags(args: readonly string[]): Readonly<Record<string, unknown>> | string {
  const options = Object.fromEntries(SETTINGS.map(({ flag }) => [flag, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } },
      strict: true,
    });
    return values;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} (--help lists the flags)`;
  }
}

function tellSettings(texts: Readonly<Record<string, unknown>>): readonly string[] {
  return SETTINGS.flatMap(({ name, flag, fallback }) => {
    const given = texts[name];
    const text = typeof given === 'string' ? given : (fallback ?? '');
    if (text === '') return [];
    return [`--${flag}=${name === 'defaultTags' ? text.replaceAll(/=[^,]*/g, '=…') : text}`];
  });
}

function describeIssue(name: string, message: string): string {
  const setting = SETTINGS.find((candidate) => candidate.name === name);
  return setting === undefined ? message : `--${setting.flag} (or ${setting.env}): ${message}`;
}

function helpText(): string {
  const lines = SETTINGS.map(({ flag, env, description, fallback }) => {
    const whenUnset = fallback ? ` Default: ${fallback}.` : '';
    return `  --${flag}\n      ${description}${whenUnset}\n      Variable: ${env}`;
  });
  return `ecs-operator manages Amazon ECS from Kubernetes.\n\nFlags:\n${lines.join('\n')}\n  --version\n  --help\n`;
}

function fallbackOf(schema: z.ZodType): string | undefined {
  const { def } = schema;
  return 'defaultValue' in def ? String(def.defaultValue) : undefined;
}
