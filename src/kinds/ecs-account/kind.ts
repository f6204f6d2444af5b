import type { ManagedKind } from '../../core/managed-kind.ts';
import { ecsAccountDefinition } from './definition.ts';
import { desireAccount, removeAccount } from './desire.ts';
import type { EcsAccountTypes } from './model.ts';
import { observeAccount } from './observe.ts';
import { planAccount } from './plan.ts';
import { reportAccount } from './report.ts';

const REASONS = {
  RoleNotAssumable: {
    meaning:
      "AWS does not let the operator assume the account's role. The message has AWS's words; the objects that use the account are Stalled, others are not.",
  },
};

export const ecsAccount: ManagedKind<EcsAccountTypes> = {
  definition: ecsAccountDefinition,
  reasons: REASONS,
  references: () => [],
  claims: () => [],
  heeds: ['EcsCluster', 'EcsTaskDefinition', 'EcsService'],
  locate: ({ metadata }) => ({ name: metadata.name }),
  sweepGroup: ({ name }) => name,
  desire: desireAccount,
  removal: removeAccount,
  observe: observeAccount,
  plan: planAccount,
  isDestructive: () => false,
  apply: (step) => step,
  report: reportAccount,
  releaseCommand: () => '',
};
