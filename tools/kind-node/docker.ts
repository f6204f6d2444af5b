/** Stands before `docker` on kind's PATH where `--privileged` cannot be had: `docker.ts <path of docker> <arguments>`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseBoundingSet, withoutPrivileged } from './privileged.ts';

const [docker = 'docker', ...args] = process.argv.slice(2);
const bounding = parseBoundingSet(readFileSync('/proc/self/status', 'utf8'));
const { status, error } = spawnSync(docker, withoutPrivileged(args, bounding), { stdio: 'inherit' });
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
