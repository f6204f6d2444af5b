/** Linux's capabilities, by their numbers (linux/capability.h). */
const CAPABILITIES = [
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE',
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN',
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE',
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE',
].flatMap((line) => line.split(' '));

/** What a privileged container has besides capabilities, and kind's nodes need. */
const DEVICES = [
  '--security-opt=systempaths=unconfined',
  '--security-opt=seccomp=unconfined',
  '--security-opt=apparmor=unconfined',
  '--device-cgroup-rule=a *:* rwm',
  '--device=/dev/kmsg',
  '--device=/dev/fuse',
];

/** The capabilities that a process may have at most, out of `/proc/<pid>/status`. */
export function parseBoundingSet(status: string): readonly string[] {
  const mask = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (mask === undefined) throw new Error('/proc/self/status names no CapBnd');
  return CAPABILITIES.filter((_, number) => ((BigInt(`0x${mask}`) >> BigInt(number)) & 1n) === 1n);
}

export function isFull(bounding: readonly string[]): boolean {
  return bounding.length === CAPABILITIES.length;
}

/**
 * The arguments of `docker` with all that can be had in place of `--privileged`: on a machine whose processes lack a
 * capability, a container that asks for every one does not start. What is run in it later has what the container has.
 * Docker of before 2021 does not know the newest three, which are parts of SYS_ADMIN.
 */
export function withoutPrivileged(args: readonly string[], bounding: readonly string[]): readonly string[] {
  const known = bounding.filter((name) => CAPABILITIES.indexOf(name) < CAPABILITIES.indexOf('PERFMON'));
  const instead = args[0] === 'run' ? [...known.map((name) => `--cap-add=${name}`), ...DEVICES] : [];
  return args.flatMap((arg) => (arg === '--privileged' ? instead : [arg]));
}
