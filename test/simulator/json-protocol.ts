import type { NormalizedSchema } from '@smithy/core/schema';
import { API_SERVICES, actionIn, serviceOf } from './api-services.ts';
import { inputSchemaOf } from './sdk-schema.ts';
import { SimulatedError } from './simulated-error.ts';

/** AWS JSON 1.1: the target header names service and action (Smithy, "AWS JSON 1.1 protocol"). */
const TARGET = /^(\w+)\.(\w+)$/;
const JSON_1_1 = 'application/x-amz-json-1.1';

export interface WireAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The action and its input; throws what ECS answers to a request that it cannot read. */
export function readRequest(target: string | undefined, body: string): { action: string; input: object } {
  const action = actionOf(target);
  const schema = action === undefined ? undefined : inputSchemaOf(action);
  if (action === undefined || schema === undefined) {
    throw new SimulatedError('UnknownOperationException', 'The operation is unknown.');
  }
  return { action, input: fromWire(schema, parseBody(body)) as object };
}

/** The action that a target header names, by the name that it has here; undefined where no service of ours is named. */
export function actionOf(target: string | undefined): string | undefined {
  const [, wanted, name] = TARGET.exec(target ?? '') ?? [];
  const service = API_SERVICES.find((one) => one.target === wanted);
  return service === undefined || name === undefined ? undefined : actionIn(service, name);
}

/** The headers of a request that are those of the protocol. */
export function wireTarget(action: string): Record<string, string> {
  const { service, name } = serviceOf(action);
  return { 'content-type': JSON_1_1, 'x-amz-target': `${service.target}.${name}` };
}

export function writeInput(input: object): string {
  return JSON.stringify(toWire(input));
}

export function writeAnswer(answer: object, requestId: string): WireAnswer {
  return { statusCode: 200, headers: headersOf(requestId), body: JSON.stringify(toWire(answer)) };
}

/** The body holds the type, and so does a header; the SDK reads either. */
export function writeError(error: SimulatedError, requestId: string): WireAnswer {
  return {
    statusCode: error.status,
    headers: { ...headersOf(requestId), 'x-amzn-errortype': error.name },
    body: JSON.stringify({ __type: error.name, message: error.message }),
  };
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': JSON_1_1, 'x-amzn-requestid': requestId };
}

function parseBody(body: string): unknown {
  let parsed: unknown;
  try {
    parsed = body === '' ? {} : JSON.parse(body);
  } catch {
    throw new SimulatedError('SerializationException', 'The body is not JSON.');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new SimulatedError('SerializationException', 'The body is not an object.');
}

/** Timestamps are seconds on the wire, Date inside; members that are null are as good as absent. */
function fromWire(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema() && typeof value === 'number') return new Date(value * 1_000);
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item) => fromWire(schema.getValueSchema(), item));
  }
  if (!schema.isStructSchema() || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = new Map(schema.structIterator());
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => {
        const member = members.get(name);
        return [name, member === undefined ? part : fromWire(member, part)];
      }),
  );
}

function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toWire(part)]));
}
