import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, keyedList, list, oneOf, text } from '../../../api/field.ts';
import { Secret } from '../../../api/log-configuration.ts';

/** What a container is given: variables, files, volumes. */
export const NameValue = group('One pair.', {
  name: text('Name.', { min: 1 }),
  value: text('Value. Empty where absent.').optional(),
});

export const Environment = keyedList('Environment variables, by name.', 'name', NameValue, {
  max: COST_BOUNDS.environment,
});

export const Secrets = keyedList('Environment variables whose values are secret, by name.', 'name', Secret, {
  max: COST_BOUNDS.secrets,
});

export const EnvironmentFiles = list(
  'Files of environment variables; earlier ones win.',
  group('One file.', {
    value: text('ARN of an object in S3 whose key ends in .env.'),
    type: oneOf('Where it is.', ['s3']),
  }),
  { max: 10 },
);

export const MountPoints = list(
  'Volumes of the task that the container sees.',
  group('One mount.', {
    sourceVolume: text('Name of the volume.', { max: 255 }).optional(),
    containerPath: text('Path in the container.').optional(),
    readOnly: flag('Whether it cannot be written to.').optional(),
  }),
  { max: COST_BOUNDS.mountPoints },
);

export const VolumesFrom = list(
  'Containers whose mounts this one shares.',
  group('One container.', {
    sourceContainer: text('Name of the container.', { max: 255 }).optional(),
    readOnly: flag('Whether they cannot be written to.').optional(),
  }),
  { max: COST_BOUNDS.volumesFrom },
);
