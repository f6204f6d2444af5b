import { KubeError } from '../../../src/runtime/kube/kube-api.ts';
import { EVENTS } from '../../support/fake-kube-api.ts';
import type { Stage } from '../../support/operator-stage.ts';
import { serviceNamed } from '../../support/shop-objects.ts';
import type { Scenario } from '../scenario.ts';
import {
  apply,
  CLUSTER,
  changeAll,
  cluster,
  DEFINITION,
  definition,
  gone,
  isSuspended,
  ready,
  remove,
  removeAll,
  SERVICE,
  STACK,
  stackOf,
  unready,
} from './acts.ts';

/** A namespace on its way out takes nothing new in, Events included. */
function removeNamespace({ api, removeAll: removeObjects }: Stage): void {
  const message = 'unable to create new content in namespace shop because it is being terminated';
  const error = new KubeError({ code: 403, reason: 'Forbidden', message });
  api.faults.add({ verb: 'create', resource: EVENTS, times: Number.POSITIVE_INFINITY, error });
  removeObjects();
}

export const DELETION: readonly Scenario[] = [
  {
    name: 'the stack is deleted piece by piece',
    given: stackOf(),
    acts: [remove(SERVICE), remove(DEFINITION), remove(CLUSTER)],
  },
  {
    name: 'the stack is deleted from its ground',
    given: stackOf(),
    acts: [
      { act: (stage) => stage.remove(CLUSTER), until: unready(CLUSTER, 'ClusterNotEmpty') },
      { act: (stage) => stage.remove(DEFINITION), until: unready(DEFINITION, 'InUse') },
      { act: (stage) => stage.remove(SERVICE), until: gone(...STACK) },
    ],
  },
  { name: 'everything is deleted at once', given: stackOf(), acts: [removeAll] },
  { name: 'the namespace is deleted', given: stackOf(), acts: [{ act: removeNamespace, until: gone(...STACK) }] },
  {
    name: 'deleted and made again by the same names',
    given: stackOf(),
    acts: [removeAll, ...stackOf()],
  },
];

/** Sooner or otherwise than one would expect. */
export const ENDING: readonly Scenario[] = [
  ...[10, 1_000, 4_000].map((lullMs) => ({
    name: `the stack is deleted after ${lullMs} ms`,
    acts: [{ ...apply([cluster, definition(), serviceNamed('web')], () => true), lullMs }, removeAll],
    isHasty: true,
  })),
  {
    name: 'a retained stack is deleted',
    given: stackOf(),
    acts: [changeAll({ deletionPolicy: 'Retain' }, ready(...STACK)), removeAll],
  },
  {
    name: 'suspended, deleted and resumed',
    given: stackOf(),
    acts: [
      {
        act(stage) {
          for (const name of STACK) stage.change(name, { suspend: true });
          stage.removeAll();
        },
        until: isSuspended,
      },
      changeAll({ suspend: false }, gone(...STACK)),
    ],
  },
];
