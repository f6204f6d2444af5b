import type { PrinterColumn } from '../core/definition.ts';

/** What every kind shows, around its own figures. */
export function printerColumns(...own: readonly PrinterColumn[]): readonly PrinterColumn[] {
  return [READY, ...own, REASON, AGE];
}

const READY: PrinterColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  description: 'Whether AWS matches this generation.',
};

const REASON: PrinterColumn = {
  name: 'Reason',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
  description: 'Why it is, or is not, ready.',
  priority: 1,
};

const AGE: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since the object was made.',
};
