import type { Rule } from '../../../api/rule.ts';
import { atMostOneOf, immutable } from '../../../api/verdicts.ts';
import { rule, type Spec } from './rule.ts';

export const IDENTITY_RULES: readonly Rule[] = [
  rule({
    id: 'service-name-is-immutable',
    source: 'SDK: UpdateService has no new name',
    at: '',
    asked: 'on-change',
    ...immutable('serviceName'),
    message: 'serviceName cannot be changed: make a new object for the other name',
    examples: { base: { serviceName: 'web' }, refused: { serviceName: 'api' }, accepted: { serviceName: 'web' } },
  }),
  rule({
    id: 'cluster-is-immutable',
    source: 'SDK: UpdateService does not move a service',
    at: '',
    asked: 'on-change',
    ...immutable('cluster'),
    message: 'cluster cannot be changed: make a new object for the other cluster',
    examples: { base: { cluster: 'shop' }, refused: { cluster: 'store' }, accepted: { cluster: 'shop' } },
  }),
  rule({
    id: 'cluster-ref-is-immutable',
    source: 'SDK: UpdateService does not move a service',
    at: '',
    asked: 'on-change',
    cel: 'has(self.clusterRef) == has(oldSelf.clusterRef) && (!has(self.clusterRef) || self.clusterRef.name == oldSelf.clusterRef.name)',
    holds: (spec, old) => spec.clusterRef?.name === old.clusterRef?.name,
    message: 'clusterRef cannot be changed: make a new object for the other cluster',
    examples: {
      base: { clusterRef: { name: 'shop' } },
      refused: { clusterRef: { name: 'store' } },
      accepted: { clusterRef: { name: 'shop' } },
    },
  }),
  rule({
    id: 'one-cluster',
    source: 'decided here: an object has one way to say it',
    at: '',
    ...atMostOneOf('clusterRef', 'cluster'),
    message: 'state either clusterRef or cluster',
    examples: {
      base: { clusterRef: { name: 'shop' } },
      refused: { cluster: 'shop' },
      accepted: {},
    },
  }),
  rule({
    id: 'one-task-definition',
    source: 'decided here: an object has one way to say it',
    at: '',
    ...atMostOneOf('taskDefinitionRef', 'taskDefinition'),
    message: 'state either taskDefinitionRef or taskDefinition',
    examples: {
      base: { taskDefinitionRef: { name: 'web' } },
      refused: { taskDefinition: 'web:4' },
      accepted: {},
    },
  }),
  rule({
    id: 'task-definition-is-stated',
    source: 'SDK: CreateServiceRequest.taskDefinition',
    at: '',
    cel: "has(self.taskDefinitionRef) || has(self.taskDefinition) || self.?deploymentController.type.orValue('ECS') == 'EXTERNAL'",
    holds: ({ taskDefinitionRef, taskDefinition, deploymentController }: Spec) =>
      taskDefinitionRef !== undefined || taskDefinition !== undefined || deploymentController?.type === 'EXTERNAL',
    message: 'the service has no task definition: set taskDefinitionRef, or taskDefinition',
    examples: {
      refused: { taskDefinitionRef: undefined },
      accepted: { taskDefinitionRef: undefined, deploymentController: { type: 'EXTERNAL' } },
    },
  }),
];
