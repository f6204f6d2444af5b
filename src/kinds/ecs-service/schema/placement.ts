import { group, list, oneOf, text } from '../../../api/field.ts';

export const PlacementConstraints = list(
  'Where tasks may be placed. Not on Fargate.',
  group('One constraint.', {
    type: oneOf('Each task on its own instance, or on instances that match.', [
      'distinctInstance',
      'memberOf',
    ]).optional(),
    expression: text('Expression of the cluster query language, with memberOf.', { max: 2000 }).optional(),
  }),
  { max: 10 },
);

export const PlacementStrategy = list(
  'Where tasks are placed by preference, in this order. Not on Fargate.',
  group('One preference.', {
    type: oneOf('Kind of preference.', ['binpack', 'random', 'spread']).optional(),
    field: text('With spread an attribute such as attribute:ecs.availability-zone; with binpack cpu or memory.', {
      max: 255,
    }).optional(),
  }),
  { max: 5 },
);
