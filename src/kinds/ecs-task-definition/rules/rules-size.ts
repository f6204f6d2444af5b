import type { Rule } from '../../../api/rule.ts';
import { one, rule, type Spec } from './rule.ts';

/** AWS service quotas: a task definition has at most 64 KiB, and the quota cannot be raised. */
const MAX_BYTES = 64 * 1024;

export const SIZE_RULES: readonly Rule[] = [
  rule({
    id: 'definition-has-at-most-64-kib',
    source: 'AWS: service quotas, task definition size',
    at: '',
    holds: (spec) => Buffer.byteLength(JSON.stringify(content(spec))) <= MAX_BYTES,
    message: 'the definition has more than 64 KiB: move environment into environmentFiles or secrets',
    examples: {
      refused: one({ environment: [{ name: 'TEXT', value: 'x'.repeat(MAX_BYTES) }] }),
      accepted: one({ environment: [{ name: 'TEXT', value: 'x'.repeat(MAX_BYTES - 200) }] }),
    },
  }),
];

/** What is surely sent: the operator's own fields and the tags are not counted. */
function content({ containerDefinitions, volumes, placementConstraints, proxyConfiguration }: Spec): object {
  return { containerDefinitions, volumes, placementConstraints, proxyConfiguration };
}
