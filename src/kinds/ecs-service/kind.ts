import { scaleSelector } from '../../api/group.ts';
import { regionOfArn, untagCommand } from '../../api/ownership.ts';
import type { ManagedKind } from '../../core/managed-kind.ts';
import { applyServiceStep } from './apply.ts';
import { ecsServiceDefinition } from './definition.ts';
import { claimsOfService, desireService, referencesOfService, removeService } from './desire.ts';
import { foreseeService } from './foresee.ts';
import { locateService } from './locate.ts';
import type { EcsServiceTypes, ServiceStep } from './model.ts';
import { createObserveService } from './observe.ts';
import { planService } from './plan.ts';
import { ECS_SERVICE_REASONS } from './reasons.ts';
import { reportService } from './report.ts';
import { glanceAtService } from './rollout/glance.ts';

/** Services of Amazon ECS, with a small memory of their own of why tasks of failing rollouts stopped. */
export function createEcsService(): ManagedKind<EcsServiceTypes> {
  return {
    definition: ecsServiceDefinition,
    reasons: ECS_SERVICE_REASONS,
    constants: ({ uid }) => ({ selector: scaleSelector(uid) }),
    references: referencesOfService,
    claims: claimsOfService,
    locate: locateService,
    glance: glanceAtService,
    sweepGroup: ({ group }) => group,
    desire: desireService,
    removal: removeService,
    observe: createObserveService(),
    plan: planService,
    foresee: foreseeService,
    isDestructive,
    apply: applyServiceStep,
    report: reportService,
    releaseCommand: (_at, { service }) => {
      const arn = service.serviceArn ?? '';
      return untagCommand(arn, regionOfArn(arn));
    },
  };
}

export const ecsService = createEcsService();

/** Nothing that runs is stopped without one more look at the object. */
function isDestructive(step: ServiceStep): boolean {
  if (step.call === 'DeregisterScalableTarget') return true;
  return step.call === 'DeleteService' || (step.call === 'UpdateService' && step.input.desiredCount === 0);
}
