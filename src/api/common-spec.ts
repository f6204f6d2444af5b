import { flag, group, oneOf, text } from './field.ts';

/** How a region is written. */
export const REGION = { min: 1, max: 63, pattern: /^[a-z0-9-]+$/ };

/** What every kind's spec has beside the fields of its AWS resource. None is ever written by the operator. */
export const COMMON_SPEC = {
  region: text(
    'AWS region. Defaults to that of the EcsAccount, else of the operator. Cannot be changed.',
    REGION,
  ).optional(),
  accountRef: group('Which EcsAccount to act through, where several select the namespace. Cannot be changed.', {
    name: text('Name of the EcsAccount.', { min: 1, max: 253 }),
  }).optional(),
  adoptionPolicy: oneOf(
    'What to do on finding a resource of this name that nobody owns: Refuse (default) leaves it alone, Adopt takes it over.',
    ['Refuse', 'Adopt'],
  ).optional(),
  deletionPolicy: oneOf(
    'What becomes of the resource when this object is deleted: Delete (default) removes it, Retain only takes our tags off.',
    ['Delete', 'Retain'],
  ).optional(),
  managementPolicy: oneOf('Manage (default) makes AWS match; Observe writes nothing and reports where AWS differs.', [
    'Manage',
    'Observe',
  ]).optional(),
  suspend: flag('While true, nothing is looked at or changed, deletion included.').optional(),
};
