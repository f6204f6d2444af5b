import type { z } from 'zod';
import { text } from './field.ts';

/** What ECS takes as the name of a cluster, family, service, container or volume (SDK: the fields' documentation). */
const ECS_NAME = /^[A-Za-z0-9_-]+$/;

export function ecsName(description: string): z.ZodString {
  return text(description, { min: 1, max: 255, pattern: ECS_NAME });
}
