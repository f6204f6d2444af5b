import { PREFIX } from '../api/group.ts';
import type { RoleAccess } from '../aws/role-session.ts';
import type { Candidate } from '../kinds/ecs-account/model.ts';
import type { Account } from '../kinds/ecs-account/resolution.ts';

/** STS: AssumeRoleRequest.RoleSessionName, and the values of its tags. */
const MOST_SESSION_NAME = 64;
const MOST_TAG_VALUE = 256;

interface Occasion {
  /** The object that is acted for; undefined where there is none. */
  readonly as: Candidate | undefined;
  readonly clusterId: string;
  /** Where STS is asked. */
  readonly region: string;
}

/** The role of an account, with all that is said when it is assumed for an object. */
export function lentRole({ name, spec }: Account, { as, clusterId, region }: Occasion): RoleAccess {
  const { roleArn, externalId, sessionTags = [] } = spec;
  const words = as === undefined ? undefined : wordsOf(as);
  return {
    account: `EcsAccount ${name}`,
    roleArn,
    externalId,
    region,
    sessionName: `ecs-operator-${clusterId}`.slice(0, MOST_SESSION_NAME),
    sessionTags: Object.fromEntries(
      words === undefined ? [] : sessionTags.map((tag) => [`${PREFIX}${tag.toLowerCase()}`, words[tag]]),
    ),
  };
}

function wordsOf({ kind, namespace, name }: Candidate): Readonly<Record<'Namespace' | 'Object', string>> {
  return { Namespace: namespace, Object: `${kind}/${namespace}/${name}`.slice(0, MOST_TAG_VALUE) };
}
