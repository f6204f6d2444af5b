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
  return define(particulars, { scope: 'Namespaced', categories: [CATEGORY] });
}

/** One that lives in no namespace. It is in no category: whoever may only look into a namespace would be refused the rest. */
export function defineClusterKind<Spec extends z.ZodObject, Status extends z.ZodObject>(
  particulars: Particulars<Spec, Status>,
): SchemaDefinition<Spec, Status> {
  return define(particulars, { scope: 'Cluster', categories: [] });
}

function define<Spec extends z.ZodObject, Status extends z.ZodObject>(
  particulars: Particulars<Spec, Status>,
  place: Pick<SchemaDefinition, 'scope' | 'categories'>,
): SchemaDefinition<Spec, Status> {
  return {
    ...particulars,
    ...place,
    group: GROUP,
    version: VERSION,
    check: (object) => checkRules(particulars.rules, object),
  };
}
