import { describe, expect, test } from 'vitest';
import { validateInput } from './validation.ts';

interface Refused {
  name: string;
  because: string;
  action: string;
  input: object;
  error: string;
  message: RegExp;
}

const SERVICE = { serviceName: 'web' };

describe('validateInput', () => {
  test.for<Refused>([
    {
      name: 'an action that the SDK does not know',
      because: 'it is a typing error',
      action: 'MakeCluster',
      input: {},
      error: 'UnknownOperationException',
      message: /MakeCluster/,
    },
    {
      name: 'a member that the SDK does not know',
      because: 'it would be lost in silence',
      action: 'CreateCluster',
      input: { clusterNaem: 'shop' },
      error: 'SerializationException',
      message: /clusterNaem/,
    },
    {
      name: 'a missing member that is required',
      because: 'the model says so',
      action: 'RegisterTaskDefinition',
      input: { containerDefinitions: [] },
      error: 'InvalidParameterException',
      message: /'family'.*not be null/,
    },
    {
      name: 'a number where a text belongs',
      because: 'types are part of the model',
      action: 'CreateCluster',
      input: { clusterName: 7 },
      error: 'SerializationException',
      message: /clusterName is not of type string/,
    },
    {
      name: 'a fraction where an integer belongs',
      because: 'there is no half a task',
      action: 'CreateService',
      input: { ...SERVICE, desiredCount: 1.5 },
      error: 'SerializationException',
      message: /desiredCount is not of type integer/,
    },
    {
      name: 'a value that is not in its enum',
      because: 'the SDK lists them',
      action: 'CreateService',
      input: { ...SERVICE, launchType: 'LAMBDA' },
      error: 'InvalidParameterException',
      message: /'LAMBDA' at 'launchType'.*enum value set: \[EC2/,
    },
    {
      name: 'an item of a list that is not in its enum',
      because: 'lists have enums as well',
      action: 'DescribeClusters',
      input: { include: ['ALL'] },
      error: 'InvalidParameterException',
      message: /'ALL' at 'include\.1\.member'/,
    },
    {
      name: 'a weight out of bounds',
      because: 'the model has bounds',
      action: 'CreateService',
      input: { ...SERVICE, capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1_001 }] },
      error: 'InvalidParameterException',
      message: /less than or equal to 1000/,
    },
    {
      name: 'a null in a list',
      because: 'nothing can be made of it',
      action: 'DescribeClusters',
      input: { clusters: [null] },
      error: 'InvalidParameterException',
      message: /clusters\.1\.member/,
    },
    {
      name: 'tags of AWS',
      because: 'the prefix is reserved',
      action: 'CreateCluster',
      input: { tags: [{ key: 'aws:x', value: '' }] },
      error: 'InvalidParameterException',
      message: /reserved/,
    },
    {
      name: 'fifty-one tags',
      because: 'fifty is the limit',
      action: 'CreateCluster',
      input: { tags: Array.from({ length: 51 }, (_, at) => ({ key: `k${at}`, value: '' })) },
      error: 'InvalidParameterException',
      message: /at most 50 tags/,
    },
  ])('refuses $name, because $because', ({ action, input, error, message }) => {
    expect(() => validateInput(action, input)).toThrow(
      expect.objectContaining({ name: error, message: expect.stringMatching(message) as unknown }) as Error,
    );
  });

  test('takes a step of a fraction, because that percentage is a double', () => {
    const deploymentConfiguration = { linearConfiguration: { stepPercent: 12.5, stepBakeTimeInMinutes: 1 } };

    expect(() => validateInput('CreateService', { ...SERVICE, deploymentConfiguration })).not.toThrow();
  });

  test('takes any JSON for details of a hook, because that is a document', () => {
    const lifecycleHooks = [{ hookDetails: { anything: [1, { goes: null }] } }];

    expect(() =>
      validateInput('CreateService', { ...SERVICE, deploymentConfiguration: { lifecycleHooks } }),
    ).not.toThrow();
  });
});
