import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** Reads are not recorded: there are too many, and no test counts them here. */
const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'None', verbs: ['get', 'list', 'watch'] }, { level: 'Metadata' }],
};

export async function writeAuditPolicy(path: string): Promise<void> {
  await writeFile(path, JSON.stringify(POLICY));
}

/** One request that was meant to change something, with the status it was answered with. */
export interface KubernetesWrite {
  readonly user: string;
  /** create, update, patch, delete or deletecollection. */
  readonly verb: string;
  /** The plural, such as `ecsclusters`, with the subresource after a slash if there is one. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  /** RFC 3339, as the API server received it. */
  readonly at: string;
}

const AuditEvent = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z
    .object({
      resource: z.string().default(''),
      subresource: z.string().default(''),
      namespace: z.string().default(''),
      name: z.string().default(''),
    })
    .prefault({}),
  responseStatus: z.object({ code: z.int().default(0) }).prefault({}),
  requestReceivedTimestamp: z.string(),
});

/**
 * All writes that the API server has answered so far, oldest first: the witness that somebody wrote nothing.
 *
 * A write is recorded just after its answer, so that the newest may be missing for some milliseconds.
 */
export async function readWrites(auditLogPath: string): Promise<readonly KubernetesWrite[]> {
  const content = await readFile(auditLogPath, 'utf8');
  const complete = content.slice(0, content.lastIndexOf('\n') + 1);
  return complete.split('\n').filter(Boolean).map(parseWrite);
}

function parseWrite(line: string): KubernetesWrite {
  const event = AuditEvent.parse(JSON.parse(line));
  const { resource, subresource, namespace, name } = event.objectRef;
  return {
    user: event.user.username,
    verb: event.verb,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    code: event.responseStatus.code,
    at: event.requestReceivedTimestamp,
  };
}
