import { describe, expect, test } from 'vitest';
import { parseSettings, SETTINGS } from './settings.ts';

describe('parseSettings', () => {
  test('takes the flag before the variable, and the variable before the default', () => {
    const parsed = parseSettings(['--cluster-id=prod', '--log-level', 'debug'], {
      ECS_OPERATOR_LOG_LEVEL: 'warn',
      ECS_OPERATOR_RESYNC_INTERVAL: '5m',
    });

    expect(parsed).toMatchObject({
      is: 'config',
      config: { clusterId: 'prod', logLevel: 'debug', resyncInterval: 300_000, concurrency: 512, quotaShare: 0.9 },
    });
  });

  test('splits lists and leaves an empty one empty, because no namespace named means all', () => {
    const one = parseSettings(['--cluster-id=a', '--watch-namespaces=shop, jobs'], {});
    const none = parseSettings(['--cluster-id=a'], { ECS_OPERATOR_WATCH_NAMESPACES: '' });

    expect(one).toMatchObject({ config: { watchNamespaces: ['shop', 'jobs'] } });
    expect(none).toMatchObject({ config: { watchNamespaces: [] } });
  });

  test('takes tags as key=value, and a value to its end', () => {
    const parsed = parseSettings(['--cluster-id=a', '--default-tags=team=shop, query=a=b,empty='], {});

    const defaultTags = [
      { key: 'team', value: 'shop' },
      { key: 'query', value: 'a=b' },
      { key: 'empty', value: '' },
    ];
    expect(parsed).toMatchObject({ config: { defaultTags } });
  });

  test('tells what holds, as flags, from wherever it came, but for the values of tags and what is not set', () => {
    const parsed = parseSettings(['--cluster-id=prod', '--default-tags=team=shop, query=a=b', '--watch-namespaces='], {
      ECS_OPERATOR_RESYNC_INTERVAL: '5m',
    });

    const told = parsed.is === 'config' ? parsed.told : [];
    expect(told).toEqual([
      '--cluster-id=prod',
      '--quota-share=0.9',
      '--accounts=true',
      '--use-operator-identity=auto',
      '--default-tags=team=…, query=…',
      '--concurrency=512',
      '--resync-interval=5m',
      '--leader-election=true',
      '--leader-election-namespace=default',
      '--leader-election-name=ecs-operator',
      '--shutdown-grace=20s',
      '--bind-address=0.0.0.0',
      '--health-port=8081',
      '--metrics-port=8080',
      '--log-level=info',
    ]);
    expect(parseSettings([...told], {})).toMatchObject({ is: 'config', told });
  });

  test('refuses a missing cluster id by naming the flag and the variable', () => {
    const parsed = parseSettings([], {});

    expect(parsed).toMatchObject({ is: 'refused' });
    expect(parsed.is === 'refused' && parsed.messages.join()).toContain('--cluster-id (or ECS_OPERATOR_CLUSTER_ID)');
  });

  test.for([
    { args: ['--colour=red'], words: '--colour', because: 'a misspelt flag must not be lost' },
    { args: ['--cluster-id=a', '--resync-interval=soon'], words: '10m', because: 'the next step is an example' },
    { args: ['--cluster-id=a', '--resync-interval=0s'], words: '1s to 24h', because: 'it would never rest' },
    { args: ['--cluster-id=a', '--health-port=70000'], words: '--health-port', because: 'there is no such port' },
    { args: ['--cluster-id=a', '--default-tags=team'], words: 'key=value', because: 'a tag has two parts' },
    { args: ['--cluster-id=a', '--default-tags=AWS:x=1'], words: 'aws:', because: 'AWS keeps these for itself' },
    { args: ['--cluster-id=a', '--default-tags=a=1,a=2'], words: 'once', because: 'a resource has one tag of a key' },
    {
      args: ['--cluster-id=a', '--aws-endpoint=https://me:secret@aws.example.com'],
      words: 'credentials',
      because: 'no service would be told them, but the log',
    },
    { args: ['--cluster-id=a', 'extra'], words: 'extra', because: 'there are no positional arguments' },
  ])('refuses $args, because $because', ({ args, words }) => {
    const parsed = parseSettings(args, {});

    expect(parsed.is === 'refused' && parsed.messages.join()).toContain(words);
  });

  test('tells every setting in --help, with variable and default', () => {
    const parsed = parseSettings(['--help'], {});

    const text = parsed.is === 'help' ? parsed.text : '';
    for (const { flag, env } of SETTINGS) {
      expect(text).toContain(`--${flag}`);
      expect(text).toContain(env);
    }
    expect(text).toContain('Default: 10m.');
  });
});
