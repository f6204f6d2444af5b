import { asRecord } from '../../api/canonical-form.ts';
import type { Comparison } from './compare.ts';
import { configurationOf } from './found.ts';
import type { Configuration, DesiredService, ServiceState, ServiceStep } from './model.ts';
import { isRevision } from './task-definition-name.ts';

export interface UpdateOrder {
  readonly desired: DesiredService;
  readonly state: ServiceState;
  readonly comparison: Comparison;
  /** Of those that differ the ones that are to be sent. */
  readonly members: ReadonlySet<string>;
  /** False where no deployment is to be started. */
  readonly mayDeploy: boolean;
  readonly isRestart: boolean;
}

/** UpdateService with only what differs; undefined where nothing is left to send. */
export function update(order: UpdateOrder): ServiceStep | undefined {
  const { desired, comparison, mayDeploy, isRestart } = order;
  const members = [...order.members];
  if (members.length === 0 && !isRestart) return undefined;
  const { taskDefinition } = comparison.wish.configuration;
  // A bare family means its newest revision whenever we write.
  const isFamily = taskDefinition !== undefined && !isRevision(taskDefinition);
  if (mayDeploy && (isFamily || isRestart) && taskDefinition !== undefined) members.push('taskDefinition');
  // What the task definition leaves to the service must come with it (SDK: `Volume.configuredAtLaunch`).
  if (members.includes('taskDefinition') && hasVolumes(comparison)) members.push('volumeConfigurations');
  const isForced = isRestart || members.includes('capacityProviderStrategy');
  const input = {
    cluster: desired.at.cluster,
    service: desired.name,
    ...Object.fromEntries(members.map((member) => [member, valueToSend(member, order)])),
    // A change of strategy is refused without (pipe-cd/pipecd pull request 6385 quotes the message).
    ...(isForced ? { forceNewDeployment: true } : {}),
  };
  return { call: 'UpdateService', input };
}

function hasVolumes({ wish }: Comparison): boolean {
  return (wish.configuration.volumeConfigurations ?? []).length > 0;
}

/**
 * What is stated, laid over what is live in blocks that ECS replaces as a whole: a member that nobody states must
 * survive a change of its neighbour.
 */
function valueToSend(member: string, { state, comparison }: UpdateOrder): unknown {
  const { configuration, omitted } = comparison.wish;
  const wanted = asRecord(configuration)[member];
  const live = asRecord(asRecord(configurationOf(state))[member]);
  switch (member) {
    case 'networkConfiguration':
      return { awsvpcConfiguration: laid(wanted, live, 'awsvpcConfiguration') };
    case 'serviceConnectConfiguration':
      return asRecord(wanted)['enabled'] === false
        ? wanted
        : without({ ...live, ...asRecord(wanted) }, member, omitted);
    case 'deploymentConfiguration':
      return deploymentConfiguration(asRecord(wanted), live, comparison);
    default:
      return wanted;
  }
}

const BLOCKS: readonly (keyof NonNullable<Configuration['deploymentConfiguration']>)[] = [
  'deploymentCircuitBreaker',
  'alarms',
  'earlySuccessCriteria',
  'linearConfiguration',
  'canaryConfiguration',
];

/** All that is stated, as a block that is left out might be taken for its default; what is cleared only if it differs. */
function deploymentConfiguration(wanted: Members, live: Members, { because, wish }: Comparison): Members {
  const differs = (path: string): boolean =>
    because.some((difference) => difference.path === path || difference.path.startsWith(`${path}.`));
  const entries = Object.keys(wanted).flatMap((name) => {
    const path = `deploymentConfiguration.${name}`;
    const isCleared = wish.cleared.includes(path);
    if (isCleared && !differs(path)) return [];
    const isBlock = !isCleared && BLOCKS.some((block) => block === name);
    return [[name, isBlock ? laid(wanted, live, name) : wanted[name]] as const];
  });
  return Object.fromEntries(entries);
}

type Members = Readonly<Record<string, unknown>>;

function laid(wanted: unknown, live: Members, name: string): Members {
  return { ...asRecord(live[name]), ...asRecord(asRecord(wanted)[name]) };
}

function without(value: Members, member: string, omitted: readonly string[]): Members {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !omitted.includes(`${member}.${name}`)));
}
