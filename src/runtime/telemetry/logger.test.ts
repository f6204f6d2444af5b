import { describe, expect, test } from 'vitest';
import { Failure } from '../../core/failure.ts';
import { createLogger } from './logger.ts';

function setUp(level: 'debug' | 'info' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: createLogger({ level, destination: { write } }) };
}

describe('a line', () => {
  test('is JSON with words for the level, the message and the facts', () => {
    const { lines, log } = setUp();

    log.info({ controller: 'box', generation: 3, because: ['a', 'b'] }, 'step applied');

    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        msg: 'step applied',
        controller: 'box',
        generation: 3,
        because: ['a', 'b'],
      },
    ]);
  });

  test('leaves out what is not on the list, and whatever could hold a structure', () => {
    const { lines, log } = setUp();

    log.info({ spec: { password: 's3cret' }, name: { password: 's3cret' }, token: 's3cret' }, 'oops');

    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines[0]).toMatchObject({ redacted: ['spec', 'name', 'token'] });
  });

  test('of an error has its stack and its causes', () => {
    const { lines, log } = setUp();

    log.error({ err: new Failure('Bug', 'outer', { cause: new TypeError('inner') }) }, 'reconcile failed');

    expect(lines[0]).toMatchObject({
      err: { type: 'Failure', message: 'outer', stack: expect.stringContaining('outer'), cause: { type: 'TypeError' } },
    });
  });

  test('below the level is not written', () => {
    const { lines, log } = setUp();

    log.debug({}, 'looked');

    expect(lines).toEqual([]);
  });
});
