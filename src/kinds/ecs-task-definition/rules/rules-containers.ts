import type { Rule } from '../../../api/rule.ts';
import { areDisjoint } from '../../../api/verdicts.ts';
import type { ContainerDefinition } from '../schema/container.ts';
import { containers, EXECUTION_ROLE, one, rule } from './rule.ts';

const HEALTHY = { command: ['CMD-SHELL', 'true'] };

export const CONTAINER_RULES: readonly Rule[] = [
  rule({
    id: 'one-container-is-essential',
    source: 'SDK: ContainerDefinition.essential',
    at: 'containerDefinitions',
    cel: 'self.exists(c, c.?essential.orValue(true))',
    holds: (all) => all.some(({ essential }) => essential !== false),
    message: 'at least one container must be essential: leave essential out of the one whose end ends the task',
    examples: { refused: one({ essential: false }), accepted: one({ essential: true }) },
  }),
  rule({
    id: 'environment-and-secrets-differ',
    source: 'AWS: a secret may not share its name with a variable of the container',
    at: 'containerDefinitions[]',
    cel: '!has(self.environment) || !has(self.secrets) || !sets.intersects(self.environment.map(e, e.name), self.secrets.map(s, s.name))',
    holds: ({ environment = [], secrets = [] }) => areDisjoint(names(environment), names(secrets)),
    message: 'a name stands in both environment and secrets: keep it in one of them',
    examples: {
      base: EXECUTION_ROLE,
      refused: one({ environment: [{ name: 'KEY', value: '1' }], secrets: [{ name: 'KEY', valueFrom: 'key' }] }),
      accepted: one({ environment: [{ name: 'KEY', value: '1' }], secrets: [{ name: 'KEY_2', valueFrom: 'key' }] }),
    },
  }),
  rule({
    id: 'dependency-exists',
    source: 'SDK: ContainerDependency.containerName',
    at: 'containerDefinitions',
    cel: 'self.all(c, (!has(c.dependsOn) || c.dependsOn.all(d, d.containerName != c.name && self.exists(o, o.name == d.containerName))))',
    holds: (all) => every(all, (target, container) => target !== undefined && target !== container),
    message: 'dependsOn names a container that is not another one of this definition: correct containerName',
    examples: {
      refused: containers({ name: 'app', dependsOn: [{ containerName: 'db', condition: 'START' }] }),
      accepted: containers({ name: 'app', dependsOn: [{ containerName: 'db', condition: 'START' }] }, { name: 'db' }),
    },
  }),
  rule({
    id: 'dependencies-have-an-end',
    source: 'AWS: dependencies may not be circular',
    at: 'containerDefinitions',
    holds: (all) => !hasCycle(all),
    message: 'dependsOn goes round in a circle: take one of the dependencies out',
    examples: {
      refused: containers(
        { name: 'app', dependsOn: [{ containerName: 'db', condition: 'START' }] },
        { name: 'db', dependsOn: [{ containerName: 'app', condition: 'START' }] },
      ),
      accepted: containers({ name: 'app', dependsOn: [{ containerName: 'db', condition: 'START' }] }, { name: 'db' }),
    },
  }),
  rule({
    id: 'healthy-needs-a-health-check',
    source: 'SDK: ContainerDependency.condition',
    at: 'containerDefinitions',
    cel: "self.all(c, (!has(c.dependsOn) || c.dependsOn.all(d, d.condition != 'HEALTHY' || !self.exists(o, o.name == d.containerName && !has(o.healthCheck)))))",
    holds: (all) =>
      every(all, (target, _, condition) => condition !== 'HEALTHY' || !target || target.healthCheck !== undefined),
    message: 'condition HEALTHY needs a healthCheck on the container that is waited for: add one, or use START',
    examples: {
      base: containers(
        { name: 'app', dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
        { name: 'db', healthCheck: HEALTHY },
      ),
      refused: containers({ name: 'app', dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] }, { name: 'db' }),
      accepted: {},
    },
  }),
  rule({
    id: 'end-is-waited-for-on-inessential-containers',
    source: 'SDK: ContainerDependency.condition',
    at: 'containerDefinitions',
    cel: "self.all(c, (!has(c.dependsOn) || c.dependsOn.all(d, !(d.condition in ['COMPLETE', 'SUCCESS']) || !self.exists(o, o.name == d.containerName && o.?essential.orValue(true)))))",
    holds: (all) => every(all, (target, _, condition) => !isEnd(condition) || !target || target.essential === false),
    message:
      'COMPLETE and SUCCESS wait for the end of a container, and an essential one ends the task: set essential to false there',
    examples: {
      refused: containers(
        { name: 'app', dependsOn: [{ containerName: 'job', condition: 'SUCCESS' }] },
        { name: 'job' },
      ),
      accepted: containers(
        { name: 'app', dependsOn: [{ containerName: 'job', condition: 'SUCCESS' }] },
        { name: 'job', essential: false },
      ),
    },
  }),
  rule({
    id: 'health-check-begins-with-cmd',
    source: 'SDK: HealthCheck.command',
    at: 'containerDefinitions[].healthCheck',
    cel: "self.command.size() == 0 || self.command[0].startsWith('CMD') || self.command[0] == 'NONE'",
    holds: ({ command: [first] }) => first === undefined || first.startsWith('CMD') || first === 'NONE',
    message: 'command must begin with CMD or CMD-SHELL: put CMD-SHELL before a command for the shell',
    examples: {
      refused: one({ healthCheck: { command: ['curl -f http://localhost/'] } }),
      accepted: one({ healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost/'] } }),
    },
  }),
  rule({
    id: 'credential-spec-says-its-form',
    source: 'SDK: ContainerDefinition.credentialSpecs',
    at: 'containerDefinitions[].credentialSpecs',
    cel: "self.all(s, s.startsWith('credentialspec:') || s.startsWith('credentialspecdomainless:'))",
    holds: (specs) => specs.every((spec) => /^credentialspec(domainless)?:/.test(spec)),
    message: 'a credential spec is credentialspec:ARN or credentialspecdomainless:ARN: put the prefix before the ARN',
    examples: {
      refused: one({ credentialSpecs: ['arn:aws:s3:::specs/web.json'] }),
      accepted: one({ credentialSpecs: ['credentialspec:arn:aws:s3:::specs/web.json'] }),
    },
  }),
];

type Dependency = NonNullable<ContainerDefinition['dependsOn']>[number];

/** Asks of every dependency, with the container that it names where there is one. */
function every(
  all: readonly ContainerDefinition[],
  holds: (
    target: ContainerDefinition | undefined,
    container: ContainerDefinition,
    condition: Dependency['condition'],
  ) => boolean,
): boolean {
  return all.every((container) =>
    (container.dependsOn ?? []).every(({ containerName, condition }) =>
      holds(
        all.find(({ name }) => name === containerName),
        container,
        condition,
      ),
    ),
  );
}

function isEnd(condition: Dependency['condition']): boolean {
  return condition === 'COMPLETE' || condition === 'SUCCESS';
}

/** Takes away what depends on nothing that is left, until nothing more can be taken: a circle stays. */
function hasCycle(all: readonly ContainerDefinition[]): boolean {
  const isFree = ({ dependsOn = [] }: ContainerDefinition) =>
    !dependsOn.some(({ containerName }) => all.some(({ name }) => name === containerName));
  const rest = all.filter((container) => !isFree(container));
  return rest.length === all.length ? all.length > 0 : hasCycle(rest);
}

function names(items: readonly { readonly name: string }[]): readonly string[] {
  return items.map(({ name }) => name);
}
