import { inspect } from 'node:util';
import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as sdk from '@aws-sdk/client-ecs';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { Failure, type FailureCode } from '../core/failure.ts';
import { classify, EXCEPTIONS, REFINEMENTS } from './classify.ts';

function errorNamed(name: string, message: string, members: object = {}): Error {
  return Object.assign(new Error(message), { name, ...members });
}

function codeOf(error: unknown): FailureCode | undefined {
  const failure = classify(error, 'UpdateService');
  return failure instanceof Failure ? failure.code : undefined;
}

const modelled = Object.entries({ ...sts, ...sdk, ...scaling }).flatMap(([name, value]) =>
  typeof value === 'function' &&
  (value.prototype instanceof sdk.ECSServiceException ||
    value.prototype instanceof scaling.ApplicationAutoScalingServiceException ||
    value.prototype instanceof sts.STSServiceException)
    ? [name]
    : [],
);

describe('classify', () => {
  test('knows every exception that the SDK exports, of ECS, of what scales its services and of what lends roles', () => {
    expect(modelled.length).toBeGreaterThan(32);
    expect(modelled).toContain('ConcurrentUpdateException');
    expect(modelled.filter((name) => EXCEPTIONS[name] === undefined)).toEqual([]);
  });

  test.for(REFINEMENTS)('takes "$sample" for $code', ({ name, sample, code }) => {
    expect(codeOf(errorNamed(name, sample))).toBe(code);
  });

  test.for([
    {
      error: errorNamed('InvalidParameterException', 'Invalid subnet.'),
      code: 'Rejected',
      because: 'a person must mend it',
    },
    { error: errorNamed('ThrottlingException', 'Rate exceeded'), code: 'Throttled', because: 'it says so' },
    {
      error: errorNamed('ResourceInUseException', 'The specified capacity provider is in use and cannot be removed.'),
      code: 'InUse',
      because: 'ECS is well, and somebody uses what is to go',
    },
    {
      error: errorNamed('Error', 'read ECONNRESET', { code: 'ECONNRESET' }),
      code: 'Unavailable',
      because: 'the connection broke',
    },
    {
      error: new Error('send failed', { cause: errorNamed('Error', 'getaddrinfo', { code: 'ENOTFOUND' }) }),
      code: 'Unavailable',
      because: 'its cause is of the network',
    },
    {
      error: errorNamed('Unheard', 'of', { $metadata: { httpStatusCode: 503 } }),
      code: 'Unavailable',
      because: 'it is a 5xx',
    },
    {
      error: errorNamed('InvalidIdentityToken', 'no'),
      code: 'AccessDenied',
      because: 'STS says so where a role cannot be assumed',
    },
    { error: errorNamed('TypeError', 'x is undefined'), code: 'Bug', because: 'nothing else made it' },
    { error: 'a text', code: 'Bug', because: 'nobody throws texts' },
  ] as const)('takes $error.name ($error.message) for $code, because $because', ({ error, code }) => {
    expect(codeOf(error)).toBe(code);
  });

  test("names the call, keeps ECS's words and the id of the request", () => {
    const error = errorNamed('AccessDeniedException', 'not allowed', { $metadata: { requestId: 'r-1' } });

    const failure = classify(error, 'CreateService');

    expect(failure).toMatchObject({
      message: 'CreateService: not allowed',
      details: { requestId: 'r-1', cause: error },
    });
  });

  test("tells no secret of the request, neither in the message nor in a cause or a stack, and keeps the exception's name", () => {
    const inner = errorNamed('Error', 'said: hidden-value');
    const error = Object.assign(new Error("Invalid value 'hidden-value' for TOKEN.", { cause: inner }), {
      name: 'ClientException',
      $metadata: { requestId: 'r-1' },
    });
    const input = { environment: [{ name: 'TOKEN', value: 'hidden-value' }] };

    const failure = classify(error, 'RegisterTaskDefinition', undefined, input);

    expect(failure).toMatchObject({
      code: 'Rejected',
      message: "RegisterTaskDefinition: Invalid value '…' for TOKEN.",
      cause: { name: 'ClientException', message: "Invalid value '…' for TOKEN.", cause: { message: 'said: …' } },
      details: { requestId: 'r-1' },
    });
    expect(inspect(failure)).not.toContain('hidden-value');
    expect(inspect(classify('a hidden-value', 'RegisterTaskDefinition', undefined, input))).not.toContain('hidden');
  });

  test.for([
    { status: 403, code: 'AccessDenied' },
    { status: 429, code: 'Throttled' },
    { status: 503, code: 'Unavailable' },
    { status: 400, code: 'Bug' },
  ] as const)('takes an unknown name with status $status for $code', ({ status, code }) => {
    expect(codeOf(errorNamed('Unheard', 'of', { $metadata: { httpStatusCode: status } }))).toBe(code);
  });

  test('takes the AbortError of the SDK for the abort that it is', () => {
    const reason = new Error('shutting down');

    expect(classify(errorNamed('AbortError', 'Request aborted'), 'CreateService', AbortSignal.abort(reason))).toBe(
      reason,
    );
  });

  test('lets the reason of an aborted signal pass, because giving up is no failure', () => {
    const reason = new Error('shutting down');

    expect(classify(reason, 'CreateService', AbortSignal.abort(reason))).toBe(reason);
  });
});
