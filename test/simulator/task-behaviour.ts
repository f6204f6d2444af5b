import { TIMINGS } from './timings.ts';
import type { TaskBehaviour, TaskBehaviours } from './world.ts';

/** Behaviours by image text. An image that none of them matches becomes running after `defaultAfterMs`. */
export function createTaskBehaviours(defaultAfterMs: number = TIMINGS.taskStartMs): TaskBehaviours {
  const behaviours: TaskBehaviour[] = [];
  const usual: TaskBehaviour = { image: /(?:)/, becomes: 'running', afterMs: defaultAfterMs };
  return {
    add(behaviour) {
      behaviours.push(behaviour);
      return () => {
        const at = behaviours.indexOf(behaviour);
        if (at >= 0) behaviours.splice(at, 1);
      };
    },
    of(images) {
      return behaviours.find(({ image }) => images.some((text) => matches(image, text))) ?? usual;
    },
  };
}

/** A pattern with the flag g remembers where it stopped; each image is asked afresh. */
function matches(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}
