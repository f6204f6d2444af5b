import { regionOfArn, untagCommand } from '../../api/ownership.ts';
import type { ManagedKind } from '../../core/managed-kind.ts';
import { applyTaskDefinitionStep } from './apply.ts';
import { ecsTaskDefinitionDefinition } from './definition.ts';
import { claimsOfTaskDefinition, desireTaskDefinition, locateTaskDefinition, removeTaskDefinition } from './desire.ts';
import type { EcsTaskDefinitionTypes } from './model.ts';
import { observeTaskDefinition } from './observe.ts';
import { planTaskDefinition } from './plan.ts';
import { reportTaskDefinition } from './report.ts';

const REASONS = {
  Registering: {
    meaning:
      'A revision was asked for and ECS does not show it yet. It is looked for during a minute before it is asked for once more.',
  },
  ChoosingRevision: {
    meaning:
      'A family is to be adopted and has several revisions. It is waited, ten seconds at most, until an EcsService that refers to the object has told which one it runs, as that one is taken.',
  },
  UnfamiliarAnswer: {
    meaning:
      'ECS shows a revision otherwise than the operator registered it, in a way that the operator does not know. The revision is used; please report the fields that the message names.',
  },
};

export const ecsTaskDefinition: ManagedKind<EcsTaskDefinitionTypes> = {
  definition: ecsTaskDefinitionDefinition,
  reasons: REASONS,
  references: () => [],
  claims: claimsOfTaskDefinition,
  keptAliveBy: ['EcsService'],
  heeds: ['EcsService'],
  locate: (object) => locateTaskDefinition(object),
  sweepGroup: (at) => at.group,
  desire: desireTaskDefinition,
  removal: (object) => removeTaskDefinition(object),
  observe: observeTaskDefinition,
  plan: planTaskDefinition,
  isDestructive: (step) => step.call === 'DeregisterTaskDefinition' || step.call === 'DeleteTaskDefinitions',
  apply: applyTaskDefinitionStep,
  report: reportTaskDefinition,
  releaseCommand: (_at, { revisions: [newest] }) => {
    const arn = newest?.arn ?? '';
    return untagCommand(arn, regionOfArn(arn));
  },
};
