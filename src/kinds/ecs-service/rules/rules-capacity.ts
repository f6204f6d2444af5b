import type { Rule } from '../../../api/rule.ts';
import { rule } from './rule.ts';

/** Launch types that run on instances. */
const ON_INSTANCES = ['EC2', 'EXTERNAL'];

const CEL_ON_INSTANCES = "self.?launchType.orValue('FARGATE') in ['EC2', 'EXTERNAL']";

export const CAPACITY_RULES: readonly Rule[] = [
  rule({
    id: 'launch-type-or-strategy',
    source: 'SDK: CreateServiceRequest.launchType',
    at: '',
    cel: '!has(self.launchType) || !has(self.capacityProviderStrategy) || self.capacityProviderStrategy.size() == 0',
    holds: ({ launchType, capacityProviderStrategy = [] }) =>
      launchType === undefined || capacityProviderStrategy.length === 0,
    message: 'state either launchType or capacityProviderStrategy',
    examples: {
      base: { launchType: 'FARGATE' },
      refused: { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
      accepted: { capacityProviderStrategy: [] },
    },
  }),
  rule({
    id: 'platform-version-is-for-fargate',
    source: 'SDK: CreateServiceRequest.platformVersion',
    at: '',
    cel: `!has(self.platformVersion) || self.platformVersion == '' || !(${CEL_ON_INSTANCES})`,
    holds: ({ platformVersion = '', launchType = 'FARGATE' }) =>
      platformVersion === '' || !ON_INSTANCES.includes(launchType),
    message: 'platformVersion is for Fargate only: take it out',
    examples: {
      base: { platformVersion: '1.4.0' },
      refused: { launchType: 'EC2' },
      accepted: { launchType: 'FARGATE' },
    },
  }),
  rule({
    id: 'public-address-is-not-for-instances',
    source: 'AWS: EC2 tasks with awsvpc get no public address',
    at: '',
    cel: `self.?networkConfiguration.awsvpcConfiguration.assignPublicIp.orValue('DISABLED') != 'ENABLED' || !(${CEL_ON_INSTANCES})`,
    holds: ({ networkConfiguration, launchType = 'FARGATE' }) =>
      networkConfiguration?.awsvpcConfiguration?.assignPublicIp !== 'ENABLED' || !ON_INSTANCES.includes(launchType),
    message: 'tasks on instances get no public address: set assignPublicIp to DISABLED',
    examples: {
      base: { launchType: 'EC2' },
      refused: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'ENABLED' } } },
      accepted: {
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'DISABLED' } },
      },
    },
  }),
  rule({
    id: 'daemon-is-not-for-fargate',
    source: 'SDK: CreateServiceRequest.schedulingStrategy',
    at: '',
    cel: "self.?schedulingStrategy.orValue('REPLICA') != 'DAEMON' || self.?launchType.orValue('EC2') != 'FARGATE'",
    holds: ({ schedulingStrategy, launchType }) => schedulingStrategy !== 'DAEMON' || launchType !== 'FARGATE',
    message: 'Fargate has no instances to run a daemon on: use REPLICA, or another launchType',
    examples: {
      base: { launchType: 'FARGATE' },
      refused: { schedulingStrategy: 'DAEMON' },
      accepted: { schedulingStrategy: 'REPLICA' },
    },
  }),
  rule({
    id: 'daemon-is-deployed-by-ecs',
    source: 'SDK: CreateServiceRequest.schedulingStrategy',
    at: '',
    cel: "self.?schedulingStrategy.orValue('REPLICA') != 'DAEMON' || self.?deploymentController.type.orValue('ECS') == 'ECS'",
    holds: ({ schedulingStrategy, deploymentController }) =>
      schedulingStrategy !== 'DAEMON' || (deploymentController?.type ?? 'ECS') === 'ECS',
    message: 'a daemon needs the deployment controller ECS: leave deploymentController out',
    examples: {
      base: { schedulingStrategy: 'DAEMON' },
      refused: { deploymentController: { type: 'CODE_DEPLOY' } },
      accepted: { deploymentController: { type: 'ECS' } },
    },
  }),
];
