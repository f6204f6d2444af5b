# Turns a Debian root, in which kind's own files already lie, into a node: arguments are the version of Kubernetes and the
# image of pause. Runs once, within the build of the image.
set -eu
version=$1
pause=$2

for name in kubeadm kubectl kubelet; do ln -s kubernetes "/usr/bin/$name"; done
printf %s "$version" > /kind/version
mkdir -p /etc/kubernetes/manifests /kind/manifests /lib/modules /opt/cni
ln -s /usr/lib/cni /opt/cni/bin
chmod 755 /kind /kind/bin/*.sh /usr/local/bin/*

# A score below that of the container engine is refused where the node may not lower its own.
sed -i -e 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' \
  -e "s#sandbox_image = .*#sandbox_image = \"$pause\"#" /etc/containerd/config.toml
ctr oci spec | jq '.hooks.createContainer += [{path: "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
  > /etc/containerd/cri-base.json

# Of systemd's services a node needs these, and none that looks after a machine.
rm -f /lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service /lib/systemd/system/multi-user.target.wants/* \
  /etc/systemd/system/*.wants/* /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/basic.target.wants/* \
  /lib/systemd/system/sockets.target.wants/*udev* /lib/systemd/system/sockets.target.wants/*initctl*
echo 'ReadKMsg=no' >> /etc/systemd/journald.conf
systemctl --quiet enable containerd.service kubelet.service undo-mount-hacks.service
systemctl --quiet mask systemd-binfmt.service

# The images lie in containerd's store, unpacked when they are first used.
containerd > /prepare/containerd.log 2>&1 &
containerd=$!
attempts=0
until ctr version > /dev/null 2>&1; do
  attempts=$((attempts + 1))
  if [ "$attempts" -gt 100 ]; then cat /prepare/containerd.log; exit 1; fi
  sleep 0.2
done
ctr --namespace=k8s.io images import --no-unpack --all-platforms --digests --label=io.cri-containerd.pinned=pinned \
  /prepare/images.tar
kill "$containerd"
wait "$containerd" || true
rm -rf /run/containerd
