import { join } from 'node:path';
import { mustRun } from './must-run.ts';

/** What a node needs of Debian, beside what the smallest root has. */
const PACKAGES = [
  'ca-certificates',
  'conntrack',
  'containernetworking-plugins',
  'curl',
  'ethtool',
  'iproute2',
  'iptables',
  'jq',
  'kmod',
  'libseccomp2',
  'nftables',
  'procps',
  'runc',
  'systemd',
  'systemd-sysv',
];
const NOT_NEEDED = [
  'var/cache/apt',
  'var/lib/apt/lists',
  'usr/share/doc',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/man',
];

/** Makes a Debian root with all of it in an archive, by debootstrap and from where this machine's apt is told to look. */
export async function archiveDebianRoot(folder: string): Promise<string> {
  const root = join(folder, 'root');
  const [mirror, suite] = await locateMirror();
  await mustRun('debootstrap', ['--variant=minbase', `--include=${PACKAGES.join(',')}`, suite, root, mirror]);
  const archive = join(folder, 'root.tar');
  const without = NOT_NEEDED.map((path) => `--exclude=./${path}/*`);
  await mustRun('tar', ['--create', `--file=${archive}`, `--directory=${root}`, '--one-file-system', ...without, '.']);
  return archive;
}

/** The first archive that apt knows, and the release of Debian that it takes from there. */
async function locateMirror(): Promise<readonly [mirror: string, suite: string]> {
  const format = '$(REPO_URI) $(CODENAME)';
  const targets = await mustRun('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const [mirror, suite] = targets.split('\n')[0]?.split(' ') ?? [];
  if (!mirror || !suite) throw new Error('apt is told of no Debian archive, which the root of a node is made from');
  return [mirror, suite];
}
