import { asRecord } from '../../../api/canonical-form.ts';
import { entriesOf } from '../../../lib/entries.ts';
import { SETTINGS } from './canonical.ts';
import type { PolicyWish, Scaling } from './schema.ts';

const SUSPENDED = 'scaling.suspendedState.';
const RANGE = ['minCapacity', 'maxCapacity'] as const;

type Range = Pick<Scaling, (typeof RANGE)[number]>;

/**
 * What `status.lastApplied.fields` remembers of scaling: the range, and the settings with a default that are stated. One of
 * these that is in the memory and is stated no more is set to its default, and then forgotten.
 */
export function scalingFields(block: Scaling | undefined): string[] {
  if (block === undefined) return [];
  const suspended = Object.keys(block.suspendedState ?? {}).map((flag) => `${SUSPENDED}${flag}`);
  const settings = (block.policies ?? []).flatMap((policy) =>
    settingsIn(policy).map((name) => pathOf(policy.name, name)),
  );
  return [...RANGE.map((member) => rangeField(member, block)), ...suspended, ...settings];
}

/** Whether another value of the member was stated before, so that the new one is to be written whatever a schedule has set. */
export function isRestated(member: keyof Range, block: Range, remembered: readonly string[]): boolean {
  return remembered.some((field) => isFormer(field, member, block));
}

/** Once it is written: what a schedule sets after that stands again. */
export function withoutFormerRange(fields: readonly string[], block: Range): string[] {
  return fields.filter((field) => !RANGE.some((member) => isFormer(field, member, block)));
}

function isFormer(field: string, member: keyof Range, block: Range): boolean {
  return field.startsWith(`scaling.${member}=`) && field !== rangeField(member, block);
}

function rangeField(member: keyof Range, { [member]: value }: Range): string {
  return `scaling.${member}=${value}`;
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
