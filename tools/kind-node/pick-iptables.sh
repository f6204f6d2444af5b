# Puts iptables and the libraries that it loads into the folder of the first argument, and the programs of Kubernetes as
# links to the one binary that holds them all.
set -eu
to=$1
mkdir -p "$to/usr/local/bin" "$to/usr/sbin" "$to/tmp" "$to/run" "$to/etc"
for name in etcd kube-apiserver kube-controller-manager kube-proxy kube-scheduler; do
  ln -s kubernetes "$to/usr/local/bin/$name"
done
xtables=$(realpath /usr/sbin/iptables-nft)
cp "$xtables" "$to/usr/sbin/xtables"
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -s xtables "$to/usr/sbin/$name"
done
extensions=$(dirname "$(find /usr/lib -name libxt_comment.so)")
mkdir -p "$to$extensions"
cp -a "$extensions/." "$to$extensions/"
ldd "$xtables" "$extensions"/*.so | grep -o '/lib[^ ]*\.so[^ ]*' | grep -v ':$' | sort -u | while read -r library; do
  mkdir -p "$to$(dirname "$library")"
  cp -L "$library" "$to$library"
done
echo 'root:x:0:0:root:/:/bin/false' > "$to/etc/passwd"
