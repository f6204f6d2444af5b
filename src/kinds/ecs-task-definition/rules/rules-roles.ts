import type { Rule } from '../../../api/rule.ts';
import { CEL_ON_FARGATE, EXECUTION_ROLE, FARGATE, isOnFargate, one, rule } from './rule.ts';

/** A private registry of Amazon ECR, in any partition: `<account>.dkr.ecr.<region>.amazonaws.com/…`. */
const PRIVATE_ECR = '.dkr.ecr.';

const AWSLOGS = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/shop/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'web' },
} as const;

const NO_ROLE = { executionRoleArn: undefined };

/** What ECS does itself, before a container runs, needs the execution role. */
export const ROLE_RULES: readonly Rule[] = [
  rule({
    id: 'secrets-need-an-execution-role',
    source: 'AWS: task execution IAM role',
    at: '',
    cel: 'has(self.executionRoleArn) || self.containerDefinitions.all(c, !has(c.secrets) || c.secrets.size() == 0)',
    holds: ({ executionRoleArn, containerDefinitions }) =>
      executionRoleArn !== undefined || containerDefinitions.every(({ secrets = [] }) => secrets.length === 0),
    message: 'ECS reads secrets in the execution role: set executionRoleArn',
    examples: {
      base: one({ secrets: [{ name: 'KEY', valueFrom: 'key' }] }),
      refused: NO_ROLE,
      accepted: EXECUTION_ROLE,
    },
  }),
  rule({
    id: 'awslogs-on-fargate-needs-an-execution-role',
    source: 'AWS: task execution IAM role',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || has(self.executionRoleArn) || self.containerDefinitions.all(c, !has(c.logConfiguration) || c.logConfiguration.logDriver != 'awslogs')`,
    holds: (spec) =>
      !isOnFargate(spec) ||
      spec.executionRoleArn !== undefined ||
      spec.containerDefinitions.every(({ logConfiguration }) => logConfiguration?.logDriver !== 'awslogs'),
    message: 'Fargate writes awslogs in the execution role: set executionRoleArn',
    examples: {
      base: { ...FARGATE, ...one({ logConfiguration: AWSLOGS }) },
      refused: NO_ROLE,
      accepted: EXECUTION_ROLE,
    },
  }),
  rule({
    id: 'private-ecr-on-fargate-needs-an-execution-role',
    source: 'AWS: task execution IAM role',
    at: '',
    cel: `!(${CEL_ON_FARGATE}) || has(self.executionRoleArn) || self.containerDefinitions.all(c, !c.image.contains('${PRIVATE_ECR}'))`,
    holds: (spec) =>
      !isOnFargate(spec) ||
      spec.executionRoleArn !== undefined ||
      spec.containerDefinitions.every(({ image }) => !image.includes(PRIVATE_ECR)),
    message: 'Fargate pulls from ECR in the execution role: set executionRoleArn',
    examples: {
      base: { ...FARGATE, ...one({ image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.8' }) },
      refused: NO_ROLE,
      accepted: EXECUTION_ROLE,
    },
  }),
];
