import { z } from 'zod';
import { Conditions } from './conditions.ts';
import { group, list, long, text } from './field.ts';

/** What every kind's status has beside what AWS reports. Written by the operator only. */
export const COMMON_STATUS = {
  observedGeneration: long('Newest generation of the object that the operator has acted on.').optional(),
  conditions: Conditions.optional(),
  location: group('Where the resource lives. Kept from before the first write on.', {
    accountId: text('AWS account.'),
    region: text('AWS region.'),
  }).optional(),
  drift: list(
    'Where AWS differs from the spec, while it does.',
    group('One difference.', {
      path: text('Field of the spec.'),
      wanted: text('What the spec states, as JSON.').optional(),
      found: text('What AWS has, as JSON.').optional(),
    }),
  ).optional(),
};

/** The memory by which a field that was stated and is removed gets cleared. Losing it leaves such a field as it is. */
export function lastApplied<Shape extends z.ZodRawShape>(shape: Shape): z.ZodOptional<z.ZodObject<Shape>> {
  return group('What the operator has put, so that it can be taken back. Written before AWS is.', shape).optional();
}

export const APPLIED_FIELDS = list('Paths of the fields that were stated.', z.string());

export const APPLIED_TAG_KEYS = list('Keys of the tags that were stated.', z.string());
