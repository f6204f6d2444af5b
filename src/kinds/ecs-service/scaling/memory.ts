import { asRecord } from '../../../api/canonical-form.ts';
import { entriesOf } from '../../../lib/entries.ts';
import { SETTINGS } from './canonical.ts';
import type { PolicyWish, Scaling } from './schema.ts';

const SUSPENDED = 'scaling.suspendedState.';

/**
 * What `status.lastApplied.fields` remembers of scaling: the settings with a default that are stated. One that is in the
 * memory and is stated no more is set to its default, and then forgotten.
 */
export function scalingFields(block: Scaling | undefined): string[] {
  if (block === undefined) return [];
  const suspended = Object.keys(block.suspendedState ?? {}).map((flag) => `${SUSPENDED}${flag}`);
  const settings = (block.policies ?? []).flatMap((policy) =>
    settingsIn(policy).map((name) => pathOf(policy.name, name)),
  );
  return [...suspended, ...settings];
}

/** The block with everything put to its default that is remembered and not stated. */
export function withDefaults(block: Scaling, remembered: readonly string[]): Scaling {
  const flags = remembered.filter((path) => path.startsWith(SUSPENDED)).map((path) => path.slice(SUSPENDED.length));
  const suspendedState = { ...Object.fromEntries(flags.map((flag) => [flag, false])), ...block.suspendedState };
  const policies = block.policies?.map((policy) => policyWithDefaults(policy, remembered));
  return {
    ...block,
    ...(Object.keys(suspendedState).length > 0 && { suspendedState }),
    ...(policies && { policies }),
  };
}

function policyWithDefaults(policy: PolicyWish, remembered: readonly string[]): PolicyWish {
  const blocks = entriesOf(SETTINGS).flatMap(([member, defaults]) => {
    if (policy[member] === undefined) return [];
    const lost = Object.entries(defaults).filter(([name]) => remembered.includes(pathOf(policy.name, name)));
    return [[member, { ...Object.fromEntries(lost), ...policy[member] }]];
  });
  return { ...policy, ...Object.fromEntries(blocks) };
}

function settingsIn(policy: PolicyWish): readonly string[] {
  return entriesOf(SETTINGS).flatMap(([member, defaults]) => {
    const stated = asRecord(policy[member]);
    return Object.keys(defaults).filter((name) => stated[name] !== undefined);
  });
}

function pathOf(policy: string, setting: string): string {
  return `scaling.policies[${policy}].${setting}`;
}
