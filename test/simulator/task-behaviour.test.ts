import { describe, expect, test } from 'vitest';
import { createTaskBehaviours } from './task-behaviour.ts';

describe('createTaskBehaviours', () => {
  test('lets images run after the usual time, because nothing was said of them', () => {
    expect(createTaskBehaviours(500).of(['web:1'])).toMatchObject({ becomes: 'running', afterMs: 500 });
  });

  test('takes the first that matches any image, because one bad container spoils a task', () => {
    const behaviours = createTaskBehaviours();
    behaviours.add({ image: /bad/, becomes: 'cannot-pull', afterMs: 1 });
    behaviours.add({ image: /./, becomes: 'stuck-pending', afterMs: 1 });

    expect(behaviours.of(['web:1', 'bad:1']).becomes).toBe('cannot-pull');
  });

  test('forgets what is taken back, because a test may mend an image', () => {
    const behaviours = createTaskBehaviours();
    const mend = behaviours.add({ image: /bad/g, becomes: 'exits', afterMs: 1 });
    const broken = [behaviours.of(['bad:1']).becomes, behaviours.of(['bad:1']).becomes];

    mend();

    expect(broken).toEqual(['exits', 'exits']);
    expect(behaviours.of(['bad:1']).becomes).toBe('running');
  });
});
