import type { z } from 'zod';
import { group, text } from './field.ts';

/** A reference to another object of ours, always in the same namespace. */
export function referenceTo(kind: string, description: string): z.ZodObject<{ name: z.ZodString }> {
  return group(description, { name: text(`Name of the ${kind}, in the same namespace.`, { min: 1, max: 253 }) });
}
