import { describe, expect, test } from 'vitest';
import { isFull, parseBoundingSet, withoutPrivileged } from './privileged.ts';

/** All but SYS_RESOURCE, which is number 24. */
const LIMITED = 'Name:\tnode\nCapBnd:\t000001fffeffffff\n';

describe('a machine without privileged containers', () => {
  test('is known by its bounding set, because a privileged container asks for every capability', () => {
    const limited = parseBoundingSet(LIMITED);

    expect(isFull(limited)).toBe(false);
    expect(limited).not.toContain('SYS_RESOURCE');
    expect(limited).toEqual(expect.arrayContaining(['CHOWN', 'SYS_ADMIN', 'CHECKPOINT_RESTORE']));
    expect(isFull(parseBoundingSet('CapBnd:\t000001ffffffffff\n'))).toBe(true);
  });

  test('runs a container with all that can be had, and leaves other arguments alone', () => {
    const args = withoutPrivileged(['run', '--privileged', '--detach', 'node:1'], ['CHOWN', 'SYS_ADMIN', 'BPF']);

    expect(args.slice(0, 3)).toEqual(['run', '--cap-add=CHOWN', '--cap-add=SYS_ADMIN']);
    expect(args).toContain('--security-opt=systempaths=unconfined');
    expect(args).not.toContain('--cap-add=BPF');
    expect(args.slice(-2)).toEqual(['--detach', 'node:1']);
  });

  test('asks for nothing more when something is run in a container that is there', () => {
    expect(withoutPrivileged(['exec', '--privileged', 'node', 'true'], ['CHOWN'])).toEqual(['exec', 'node', 'true']);
  });
});
