import { group, keyedList, long, oneOf, text, timestamp } from './field.ts';

/** Conditions in the form that Kubernetes' own tools read; see `metav1.Condition`. */
export const Conditions = keyedList(
  'Ready says whether AWS matches; Reconciling, Stalled and Suspended are present only while they are True.',
  'type',
  group('One aspect of the state.', {
    type: text('Ready, Reconciling, Stalled or Suspended.'),
    status: oneOf('Whether it holds.', ['True', 'False', 'Unknown']),
    reason: text('One word from the catalogue of reasons.'),
    message: text('What is so, and the next step where there is one.'),
    lastTransitionTime: timestamp('Since when the status is as it is.'),
    observedGeneration: long('Generation of the object that this is about.').optional(),
  }),
);
