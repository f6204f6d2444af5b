import type { Tag } from '@aws-sdk/client-ecs';
import type { NormalizedSchema } from '@smithy/core/schema';
import { serviceOf } from './api-services.ts';
import { BOUNDS, DOUBLES } from './bounds.ts';
import { invalidParameter } from './refusals.ts';
import { enumOf, inputSchemaOf, requiredMembersOf } from './sdk-schema.ts';
import { SimulatedError } from './simulated-error.ts';
import { checkTags } from './tag-checks.ts';

/**
 * Refuses an input that is not what the SDK's own schema says: members it does not know, wrong types, required ones
 * that are missing, values out of an enum or out of bounds. A member that AWS would ignore as unknown is refused here,
 * as it is always a mistake of ours.
 */
export function validateInput(action: string, input: object): void {
  const schema = inputSchemaOf(action);
  // AWS JSON 1.1: the error of a front end that does not know the target.
  if (schema === undefined) throw new SimulatedError('UnknownOperationException', `Unknown operation ${action}.`);
  try {
    validate(schema, input, '', '');
    const { tags } = input as { tags?: readonly Tag[] };
    if (tags !== undefined) checkTags(tags);
  } catch (error) {
    throw inWordsOf(action, error);
  }
}

/** The same constraint is another exception in another service. */
function inWordsOf(action: string, error: unknown): unknown {
  const { refusal } = serviceOf(action).service;
  const isOfModel = error instanceof SimulatedError && error.name === 'InvalidParameterException';
  return isOfModel ? new SimulatedError(refusal, error.message, error.status) : error;
}

function validate(schema: NormalizedSchema, value: unknown, path: string, enumKey: string): void {
  if (value === undefined || value === null) return;
  if (schema.isStructSchema()) validateStructure(schema, value, path);
  else if (schema.isListSchema()) validateList(schema, value, path, enumKey);
  else if (schema.isMapSchema()) validateMap(schema, value, path);
  else if (!schema.isDocumentSchema()) validateScalar(schema, value, path, enumKey);
}

function validateStructure(schema: NormalizedSchema, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(path, 'structure');
  const structure = schema.getName() ?? '';
  const known = new Map(schema.structIterator());
  const given = value as Record<string, unknown>;
  for (const name of requiredMembersOf(schema)) {
    if (given[name] === undefined || given[name] === null) throw constraint(`null`, below(path, name), 'not be null');
  }
  for (const [name, part] of Object.entries(given)) {
    const member = known.get(name);
    if (member === undefined) throw new SimulatedError('SerializationException', `Unknown member ${below(path, name)}`);
    validate(member, part, below(path, name), `${structure}.${name}`);
  }
}

function validateList(schema: NormalizedSchema, value: unknown, path: string, key: string): void {
  if (!Array.isArray(value)) throw wrongType(path, 'list');
  const items: unknown[] = value;
  const { items: most } = BOUNDS.get(key) ?? {};
  if (most !== undefined && items.length > most) {
    throw constraint(`[${items.length} items]`, path, `have length less than or equal to ${most}`);
  }
  for (const [at, item] of items.entries()) {
    if (item === null || item === undefined) throw constraint('null', `${path}.${at + 1}.member`, 'not be null');
    validate(schema.getValueSchema(), item, `${path}.${at + 1}.member`, key);
  }
}

function validateMap(schema: NormalizedSchema, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(path, 'map');
  for (const [key, part] of Object.entries(value)) validate(schema.getValueSchema(), part, below(path, key), '');
}

function validateScalar(schema: NormalizedSchema, value: unknown, path: string, key: string): void {
  if (schema.isTimestampSchema()) {
    if (!(value instanceof Date)) throw wrongType(path, 'timestamp');
  } else if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw wrongType(path, 'boolean');
  } else if (schema.isNumericSchema()) {
    validateNumber(value, path, key);
  } else if (typeof value === 'string') {
    validateText(value, path, key);
  } else {
    throw wrongType(path, 'string');
  }
}

function validateNumber(value: unknown, path: string, key: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(path, 'number');
  if (!Number.isInteger(value) && !DOUBLES.has(key)) throw wrongType(path, 'integer');
  const { least, most } = BOUNDS.get(key) ?? {};
  if (least !== undefined && value < least) {
    throw constraint(String(value), path, `have value greater than or equal to ${least}`);
  }
  if (most !== undefined && value > most) {
    throw constraint(String(value), path, `have value less than or equal to ${most}`);
  }
}

function validateText(value: string, path: string, key: string): void {
  const [structure = '', member = ''] = key.split('.');
  const values = enumOf(structure, member);
  if (values !== undefined && !values.includes(value)) {
    throw constraint(`'${value}'`, path, `satisfy enum value set: [${values.join(', ')}]`);
  }
  const { text: longest } = BOUNDS.get(key) ?? {};
  if (longest !== undefined && value.length > longest) {
    throw constraint(`'${value}'`, path, `have length less than or equal to ${longest}`);
  }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The wording that AWS's services answer with when a constraint of their model is not met; seen with many of them. */
function constraint(value: string, path: string, must: string): SimulatedError {
  return invalidParameter(
    `1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: Member must ${must}`,
  );
}

/** AWS JSON 1.1: a body that does not fit the model. */
function wrongType(path: string, type: string): SimulatedError {
  return new SimulatedError('SerializationException', `${path === '' ? 'The input' : path} is not of type ${type}`);
}
