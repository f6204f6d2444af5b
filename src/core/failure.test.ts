import { describe, expect, test } from 'vitest';
import { Failure, toFailure } from './failure.ts';

describe('toFailure', () => {
  test('leaves a failure as it is', () => {
    const failure = new Failure('Throttled', 'too fast');

    expect(toFailure(failure)).toBe(failure);
  });

  test.for([new TypeError('the password is s3cret'), 'the password is s3cret'])(
    'tells people nothing of %s but where to look, because a foreign message may hold anything',
    (error) => {
      const failure = toFailure(error);

      expect(failure).toMatchObject({ code: 'Bug', message: 'unexpected error; see the log' });
      expect(failure.cause).toBe(error);
    },
  );
});
