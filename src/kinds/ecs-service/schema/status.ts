import type { z } from 'zod';
import { APPLIED_FIELDS, APPLIED_TAG_KEYS, COMMON_STATUS, lastApplied } from '../../../api/common-status.ts';
import { group, integer, list, text, timestamp } from '../../../api/field.ts';
import { ScalingStatus } from '../scaling/status.ts';

const Deployment = group('One deployment that still has tasks, or one task set.', {
  id: text('Id of the deployment.').optional(),
  status: text('PRIMARY is the newest, ACTIVE one that is being replaced.').optional(),
  taskDefinition: text('ARN of the revision that it runs.').optional(),
  desiredCount: integer('Tasks that it wants.').optional(),
  runningCount: integer('Tasks that run.').optional(),
  pendingCount: integer('Tasks that are about to run.').optional(),
  failedTasks: integer('Tasks in a row that failed to start or to become healthy.').optional(),
  rolloutState: text('IN_PROGRESS, COMPLETED or FAILED.').optional(),
  rolloutStateReason: text("ECS's words for it.").optional(),
  createdAt: timestamp('When it began.').optional(),
  updatedAt: timestamp('When it last changed.').optional(),
});

export const EcsServiceStatus = group('The service as ECS reports it.', {
  ...COMMON_STATUS,
  arn: text('ARN of the service.').optional(),
  clusterArn: text('ARN of its cluster.').optional(),
  taskDefinition: text('ARN of the revision that the newest deployment runs.').optional(),
  revision: text('The same as family and revision, such as web:4.').optional(),
  state: text("ECS's status of the service: ACTIVE, DRAINING or INACTIVE.").optional(),
  desiredCount: integer('Tasks that are wanted.').optional(),
  runningCount: integer('Tasks that run.').optional(),
  pendingCount: integer('Tasks that are about to run.').optional(),
  rolloutState: text('State of the newest deployment: IN_PROGRESS, COMPLETED or FAILED.').optional(),
  deployments: list('Deployments, newest first.', Deployment).optional(),
  targetGroups: list('Target groups that tasks are registered in.', text('ARN of one.')).optional(),
  scaling: ScalingStatus.optional(),
  selector: text('What the scale subresource shows to autoscalers. Matches no pod.').optional(),
  restart: group('The restart that was last asked for. Written before AWS is.', {
    value: text('Value of the annotation.'),
    deploymentId: text('Newest deployment when it was asked for: done once there is another.').optional(),
    at: timestamp('When ECS was asked.').optional(),
  }).optional(),
  completedDeploymentId: text(
    'Id of the deployment that ECS has finished and that was not a way back: its history need not be read again.',
  ).optional(),
  creating: group('A creation that is under way. Written before AWS is, and dropped once the service is seen.', {
    at: timestamp('When ECS was asked.'),
  }).optional(),
  deploying: group(
    'A deployment that ECS was asked for. Written before AWS is, and dropped once ECS has finished it.',
    {
      digest: text('Stands for the generation and the differences.'),
      at: timestamp('When ECS was asked.'),
    },
  ).optional(),
  updating: group('What ECS was asked to change and goes on showing as it was. Not asked for without end.', {
    digest: text('Stands for the generation and the differences.'),
    attempts: integer('How often ECS has taken the request.'),
    since: timestamp('When it first did.'),
  }).optional(),
  createdAt: timestamp(
    'When ECS made the service that was last seen under this name. Part of what makes a creation safe to repeat.',
  ).optional(),
  lastApplied: lastApplied({ fields: APPLIED_FIELDS.optional(), tagKeys: APPLIED_TAG_KEYS.optional() }),
});

export type EcsServiceStatus = z.infer<typeof EcsServiceStatus>;
