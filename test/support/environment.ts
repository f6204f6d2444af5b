/** What a child process needs of the machine it runs on, and nothing that changes how it talks to AWS or Kubernetes. */
const KEPT = ['PATH', 'TMPDIR', 'SystemRoot'] as const;

export type Environment = Readonly<Record<string, string>>;

/**
 * The environment of a child process, stated in full.
 *
 * Variables such as AWS_PROFILE, AWS_CA_BUNDLE, KUBECONFIG or NODE_OPTIONS of the person who runs the tests must not
 * reach a child: a test would then pass on one machine only, or worse, write to somebody's account. HOME is left out for
 * the same reason (~/.aws, ~/.kube); who needs one states one.
 */
export function cleanEnvironment(stated: Environment = {}): Environment {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LANG: 'C.UTF-8', TZ: 'UTC', ...stated };
}
