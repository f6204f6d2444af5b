import { describe, expect, test } from 'vitest';
import { redactionFor } from './redaction.ts';

const container = {
  name: 'app',
  image: 'shop/web:1',
  command: ['--password=command-secret'],
  entryPoint: ['/bin/entry-secret'],
  environment: [
    { name: 'TOKEN', value: 'environment-secret' },
    { name: 'ON', value: 'true' },
  ],
  secrets: [{ name: 'PASSWORD', valueFrom: '/shop/parameter-secret' }],
  dockerLabels: { note: 'label-secret', name: 'label-called-name' },
  logConfiguration: {
    logDriver: 'splunk',
    options: { 'splunk-url': 'https://option-secret' },
    secretOptions: [{ name: 'splunk-token', valueFrom: 'arn:secret-of-options' }],
  },
  firelensConfiguration: { type: 'fluentbit', options: { 'config-file-value': '/firelens-secret' } },
};
const definition = {
  family: 'web',
  executionRoleArn: 'arn:aws:iam::123456789012:role/web',
  containerDefinitions: [container],
  volumes: [
    { name: 'data', dockerVolumeConfiguration: { driverOpts: { o: 'driver-secret' }, labels: { l: 'volume-secret' } } },
  ],
  tags: [{ key: 'team-key', value: 'tag-secret' }],
};
const redact = redactionFor(definition);

describe('words about a request', () => {
  test.for([
    'command-secret',
    'entry-secret',
    'environment-secret',
    'parameter-secret',
    'label-secret',
    'label-called-name',
    'option-secret',
    'secret-of-options',
    'firelens-secret',
    'driver-secret',
    'volume-secret',
    'tag-secret',
  ])('do not tell %s', (secret) => {
    const quoted = JSON.stringify(definition);

    expect(quoted).toContain(secret);
    expect(redact(quoted)).not.toContain(secret);
  });

  test.for([
    'Invalid image shop/web:1 of container app.',
    "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.",
    'TOKEN, PASSWORD, note, splunk-url and team-key are names.',
    'essential must be true.',
  ])('stay as they are: %s', (words) => {
    expect(redact(words)).toBe(words);
  });

  test('tell that something was there', () => {
    expect(redact("Invalid value 'environment-secret' for TOKEN, 'tag-secret' for team-key.")).toBe(
      "Invalid value '…' for TOKEN, '…' for team-key.",
    );
  });

  test('keep what the request states elsewhere as well', () => {
    const named = redactionFor({
      family: 'postgres',
      image: 'library/postgres-secret:16',
      environment: [
        { name: 'USER', value: 'postgres' },
        { name: 'PASSWORD', value: 'postgres-secret' },
      ],
    });

    expect(named('postgres has no image library/postgres-secret:16; is it postgres-secret?')).toBe(
      'postgres has no image library/postgres-secret:16; is it …?',
    );
  });

  test('do not tell a longer secret by what is left of it beside a shorter one', () => {
    const both = redactionFor({
      environment: [
        { name: 'SHORT', value: 'secret' },
        { name: 'LONG', value: 'secret+tail (.*)' },
      ],
    });

    expect(both('secret+tail (.*) and secret')).toBe('… and …');
  });

  test('do not tell a secret that is quoted as JSON', () => {
    const lines = redactionFor({ environment: [{ name: 'KEY', value: 'first\n"second"' }] });

    expect(lines(JSON.stringify({ quoted: 'first\n"second"' }))).toBe('{"quoted":"…"}');
  });

  test('do not tell what scales a service, a hook or a tag is given', () => {
    expect(redactionFor({ Tags: { team: 'scaling-secret' } })('scaling-secret')).toBe('…');
    expect(redactionFor({ lifecycleHooks: [{ hookDetails: { token: 'hook-secret' } }] })('hook-secret')).toBe('…');
    expect(
      redactionFor({ resourceArn: 'arn:x', tags: [{ key: 'a', value: 'given-secret' }] })('arn:x given-secret'),
    ).toBe('arn:x …');
  });
});
