import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { group, integer, list, long, oneOf, text } from '../../../api/field.ts';

const NvidiaMpsAllocation = group("A share of one GPU by NVIDIA's MPS.", {
  memory: integer('GPU memory in MiB.', { min: 1 }),
  maxComputePercent: integer('Most of its compute that the container may use, in percent. 100 where absent.', {
    min: 1,
    max: 100,
  }).optional(),
});

export const ResourceRequirements = list(
  'GPUs and other devices that the container needs.',
  group('One requirement.', {
    type: oneOf('Kind of device.', ['GPU', 'InferenceAccelerator', 'NeuronDevice']),
    value: text('How many GPUs, or ALL; the name of the accelerator; ALL for Neuron devices.', { max: 255 }).optional(),
    sharingStrategy: group('How a GPU is shared, instead of value.', {
      nvidiaMps: NvidiaMpsAllocation.optional(),
    }).optional(),
  }),
  { max: COST_BOUNDS.resourceRequirements },
);

/** Of 64 bits, as limits in bytes can need them. */
export const Ulimits = list(
  'Limits of the process.',
  group('One limit.', {
    name: oneOf('What is limited.', [
      'core',
      'cpu',
      'data',
      'fsize',
      'locks',
      'memlock',
      'msgqueue',
      'nice',
      'nofile',
      'nproc',
      'rss',
      'rtprio',
      'rttime',
      'sigpending',
      'stack',
    ]),
    softLimit: long('Soft limit, in the unit of the kind; -1 for none.'),
    hardLimit: long('Hard limit, in the unit of the kind; -1 for none.'),
  }),
  { max: COST_BOUNDS.ulimits },
);

export const SystemControls = list(
  'Kernel parameters of the container.',
  group('One parameter.', {
    namespace: text('Name, such as net.ipv4.tcp_keepalive_time.', { max: 255 }).optional(),
    value: text('Value.').optional(),
  }),
  { max: COST_BOUNDS.systemControls },
);
