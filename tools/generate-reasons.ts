import { GENERAL_REASONS, type ReasonEntry } from '../src/core/reason.ts';
import { KINDS } from '../src/kinds/index.ts';
import { entriesOf } from '../src/lib/entries.ts';
import { madeFrom } from './made-from.ts';

/** The page of reasons, from the one catalogue that conditions, Events and metrics take their words from. */
export function generateReasons(): ReadonlyMap<string, string> {
  const kinds = KINDS.map(({ definition, reasons }) => `## ${definition.kind} only\n\n${table(reasons)}`);
  const page = `${madeFrom('src/core/reason.ts', 'src/kinds/*/reasons.ts')}
# Reasons

A reason is one word, alike in conditions, Events, metrics and here.

## All kinds

${table(GENERAL_REASONS)}

${kinds.join('\n\n')}
`;
  return new Map([['docs/reference/reasons.md', page]]);
}

function table(reasons: Readonly<Record<string, ReasonEntry>>): string {
  const rows = entriesOf(reasons)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, { meaning }]) => `| \`${reason}\` | ${meaning.replaceAll('|', '\\|')} |`);
  return ['| reason | what it means, and what to do |', '| --- | --- |', ...rows].join('\n');
}
