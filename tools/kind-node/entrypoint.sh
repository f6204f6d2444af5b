#!/bin/bash
# Comes before kind's own entrypoint where the container could not be fully privileged (privileged.ts).
set -eu

# cgroup v1 is mounted read-only then. In a cgroup namespace of its own the node writes to its own part only.
for mounted in /sys/fs/cgroup /sys/fs/cgroup/*; do
  if mountpoint --quiet "$mounted"; then mount -o remount,bind,rw "$mounted"; fi
done

# Settings of the kernel are the whole machine's, so the node may not write them. The kubelet insists on some values: it is
# shown these, by files in their place.
for part in kernel vm fs; do
  mount --bind "/proc/sys/$part" "/proc/sys/$part"
  mount -o remount,bind,ro "/proc/sys/$part"
done
mkdir -p /kind/shown
while read -r setting value; do
  shown=/kind/shown/${setting//\//.}
  echo "$value" > "$shown"
  mount --bind "$shown" "/proc/sys/$setting"
done <<'SHOWN'
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
SHOWN

exec /usr/local/bin/entrypoint "$@"
