import type { Stage } from '../../support/operator-stage.ts';
import { BREAKER, serviceNamed } from '../../support/shop-objects.ts';
import type { Act, Scenario } from '../scenario.ts';
import { change, containers, DEFINITION, ready, SERVICE, STACK, stackOf, stalled, unready } from './acts.ts';

function breakImages({ simulator }: Stage): void {
  simulator.world.behaviours.add({ image: /broken/, becomes: 'cannot-pull', afterMs: 1_000 });
}

function rollOutBroken(until: Act['until']): Act {
  return {
    act(stage) {
      breakImages(stage);
      stage.change(DEFINITION, containers('shop/web:broken'));
    },
    until,
  };
}

const mend = change(DEFINITION, containers('shop/web:2'), ready(...STACK));
const calls = ['RegisterTaskDefinition', 'UpdateService', 'RegisterTaskDefinition', 'UpdateService'];
const LEFT_FAILED = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } };

export const ROLLOUT: readonly Scenario[] = [
  {
    name: 'a rollout is rolled back, then mended',
    given: stackOf(serviceNamed('web', BREAKER)),
    acts: [rollOutBroken(stalled(SERVICE, 'DeploymentFailed')), mend],
    calls,
  },
  {
    name: 'a rollout is left failed, then mended',
    given: stackOf(serviceNamed('web', LEFT_FAILED)),
    acts: [rollOutBroken(stalled(SERVICE, 'DeploymentFailed')), mend],
    calls,
  },
  {
    name: 'a rollout gets nowhere, then is mended',
    given: stackOf(),
    acts: [rollOutBroken(unready(SERVICE, 'DeploymentNotProgressing')), mend],
    calls,
  },
];
