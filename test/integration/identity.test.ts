import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { Environment } from '../support/environment.ts';
import { connectCluster } from '../support/kubectl.ts';
import { bodyOf, startLoopbackServer } from '../support/loopback-server.ts';
import { BUNDLE } from '../support/operator-process.ts';
import { clusterNamed } from '../support/shop-objects.ts';
import { startStack } from '../support/stack.ts';
import { tellStory } from '../support/story.ts';

const ROLE = 'arn:aws:iam::123456789012:role/ecs-operator';
const LENT = { key: 'ASIALENT', secret: 'secret', token: 'session', until: '2099-01-01T00:00:00Z' };
/** Static keys, which the tests give everywhere else, would come before. */
const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

/** Whose key signs the calls of ECS once the operator has made a cluster, in a process like that of the image. */
async function signersUnder(environment: Environment): Promise<readonly string[]> {
  const cluster = connectCluster(inject('cluster'));
  const signers = new Set<string>();
  await using stack = await startStack({
    cluster,
    speed: 20,
    entry: BUNDLE,
    environment: { ...NO_KEYS, ...environment },
    onArrival: (_action, headers) => {
      if (headers['user-agent']?.includes('ecs-operator')) {
        signers.add(
          `${/Credential=(\w+)/.exec(headers['authorization'] ?? '')?.[1]} ${headers['x-amz-security-token']}`,
        );
      }
    },
  });
  const story = tellStory(cluster, stack);
  await story.apply(clusterNamed('shop'));
  await story.ready('ecscluster/shop');
  return [...signers];
}

test('the bundle acts as the role of its service account (IRSA), by the token in a file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ecs-operator-irsa-'));
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, 'signed-by-the-cluster');
  const asked: Promise<string>[] = [];
  await using sts = await startLoopbackServer((request, response) => {
    asked.push(bodyOf(request));
    response.writeHead(200, { 'content-type': 'text/xml' }).end(
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
      <AccessKeyId>${LENT.key}</AccessKeyId><SecretAccessKey>${LENT.secret}</SecretAccessKey>
      <SessionToken>${LENT.token}</SessionToken><Expiration>${LENT.until}</Expiration>
      </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    );
  });

  const signers = await signersUnder({
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_ARN: ROLE,
    AWS_ENDPOINT_URL_STS: sts.url,
  });

  expect(signers).toEqual([`${LENT.key} ${LENT.token}`]);
  const question = new URLSearchParams(await asked[0]);
  expect(Object.fromEntries(question)).toMatchObject({
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: ROLE,
    WebIdentityToken: 'signed-by-the-cluster',
  });
});

test('the bundle acts as the role of its pod identity association (EKS Pod Identity), by the agent of its node', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'ecs-operator-pod-identity-'));
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, 'token-of-the-pod');
  await using agent = await startLoopbackServer((_request, response) => {
    const { key: AccessKeyId, secret: SecretAccessKey, token: Token, until: Expiration } = LENT;
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ AccessKeyId, SecretAccessKey, Token, Expiration }));
  });

  const signers = await signersUnder({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  });

  expect(signers).toEqual([`${LENT.key} ${LENT.token}`]);
  expect(agent.requests[0]?.headers.authorization).toBe('token-of-the-pod');
});
