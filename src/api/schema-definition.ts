import type { z } from 'zod';
import type { Definition } from '../core/definition.ts';
import { CATEGORY, GROUP, VERSION } from './group.ts';
import { checkRules, type Rule } from './rule.ts';

/** A definition whose parsers are zod's, so that the generators can read them. */
export interface SchemaDefinition<Spec extends z.ZodObject = z.ZodObject, Status extends z.ZodObject = z.ZodObject>
  extends Definition<z.infer<Spec>, z.infer<Status>> {
  readonly spec: Spec;
  readonly status: Status;
  readonly rules: readonly Rule[];
  /** The smallest spec that is valid: what the examples of the rules are laid over. */
  readonly minimal: z.infer<Spec>;
}

type Particulars<Spec extends z.ZodObject, Status extends z.ZodObject> = Omit<
  SchemaDefinition<Spec, Status>,
  'group' | 'version' | 'categories' | 'scope' | 'check'
>;

/** What one kind says of itself, made whole with what all kinds share. */
export function defineKind<Spec extends z.ZodObject, Status extends z.ZodObject>(
  particulars: Particulars<Spec, Status>,
): SchemaDefinition<Spec, Status> {
  return {
    ...particulars,
    group: GROUP,
    version: VERSION,
    categories: [CATEGORY],
    scope: 'Namespaced',
    check: (object) => checkRules(particulars.rules, object),
  };
}
