import { COST_BOUNDS } from '../../../api/cost-bounds.ts';
import { flag, group, integer, list, oneOf, text } from '../../../api/field.ts';

const KernelCapabilities = group("Changes to Docker's set of kernel capabilities.", {
  add: list('Capabilities to add. Fargate only takes SYS_PTRACE.', text('Name of a capability.', { max: 64 }), {
    max: COST_BOUNDS.capabilities,
  }).optional(),
  drop: list('Capabilities to take away.', text('Name of a capability.', { max: 64 }), {
    max: COST_BOUNDS.capabilities,
  }).optional(),
});

const Device = group('One device.', {
  hostPath: text('Path on the host.'),
  containerPath: text('Path in the container.').optional(),
  permissions: list(
    'What the container may do with it. All three where absent.',
    oneOf('One permission.', ['mknod', 'read', 'write']),
  ).optional(),
});

const Tmpfs = group('One file system in memory.', {
  containerPath: text('Where it is mounted.'),
  size: integer('Largest size in MiB.'),
  mountOptions: list('Mount options.', text('One option.')).optional(),
});

/** Not for Windows containers. */
export const LinuxParameters = group('Settings that only Linux has.', {
  capabilities: KernelCapabilities.optional(),
  devices: list('Devices of the host. Not on Fargate.', Device).optional(),
  initProcessEnabled: flag('Whether an init process passes signals on and reaps children.').optional(),
  sharedMemorySize: integer('Size of /dev/shm in MiB. Not on Fargate.').optional(),
  tmpfs: list('File systems in memory.', Tmpfs).optional(),
  maxSwap: integer('Swap in MiB that the container may use; 0 for none. Not on Fargate.', { min: 0 }).optional(),
  swappiness: integer('How eagerly memory is swapped, 0 to 100. Not on Fargate.', { min: 0, max: 100 }).optional(),
});
