import { describe, expect, test } from 'vitest';
import {
  anObject,
  aService,
  at,
  CLUSTER_ARN,
  observed,
  planDeletion,
  SERVICE_ARN,
} from '../../../test/support/ecs-service-builders.ts';
import { OWNER_TAG_KEYS } from '../../api/ownership.ts';
import { ecsService } from './kind.ts';

const ADDRESS = { cluster: CLUSTER_ARN, service: 'web' };
const EMPTY = { desiredCount: 0, runningCount: 0, pendingCount: 0 };

function asked(msAgo: number): ReturnType<typeof anObject> {
  return anObject({}, { status: { creating: { at: at(msAgo).toISOString() } } });
}

describe('deleting a service', () => {
  test('is done once there is none', () => {
    expect(planDeletion(anObject(), { exists: false })).toEqual({ verdict: 'in-sync' });
  });

  test('waits while a service that was just asked for does not show, because it would stay for ever', () => {
    expect(planDeletion(asked(500), { exists: false })).toMatchObject({ verdict: 'wait', reason: 'Creating' });
    expect(planDeletion(asked(59_000), { exists: false })).toMatchObject({ verdict: 'wait', pollAfterMs: 1_000 });
    expect(planDeletion(asked(60_000), { exists: false })).toEqual({ verdict: 'in-sync' });
    expect(planDeletion(asked(-5_000), { exists: false })).toEqual({ verdict: 'in-sync' });
  });

  test('scales it down first, because ECS refuses to delete what runs', () => {
    expect(planDeletion(anObject({ desiredCount: 3 }), observed(aService()))).toMatchObject({
      steps: [{ call: 'UpdateService', input: { ...ADDRESS, desiredCount: 0 } }],
    });
  });

  test('waits for its tasks, and says what may hold them', () => {
    expect(planDeletion(anObject(), observed(aService({ ...EMPTY, runningCount: 2 })))).toMatchObject({
      verdict: 'wait',
      reason: 'Draining',
      message: expect.stringMatching(/2 running.*forceDelete/),
    });
  });

  test('names the tasks that are protected, and until when', () => {
    const protectedTasks = [{ taskArn: 'arn:aws:ecs:eu-west-1:1:task/shop/t1', expirationDate: at(0) }];
    const live = aService({ ...EMPTY, runningCount: 1 });

    expect(planDeletion(anObject(), observed(live, { protectedTasks }))).toMatchObject({
      message: expect.stringContaining(`protected from scale-in are t1 until ${at(0).toISOString()}`),
    });
  });

  test('deletes it when no task is left', () => {
    expect(planDeletion(anObject(), observed(aService(EMPTY)))).toMatchObject({
      steps: [{ call: 'DeleteService', input: ADDRESS }],
    });
  });

  test('deletes a DAEMON service at once, because it has no count', () => {
    expect(planDeletion(anObject(), observed(aService({ schedulingStrategy: 'DAEMON' })))).toMatchObject({
      steps: [{ call: 'DeleteService', input: ADDRESS }],
    });
  });

  test('by force skips the drain', () => {
    expect(planDeletion(anObject({ forceDelete: true }), observed(aService()))).toMatchObject({
      steps: [{ call: 'DeleteService', input: { ...ADDRESS, force: true } }],
    });
  });

  test('waits while ECS drains it', () => {
    expect(planDeletion(anObject(), observed(aService({ status: 'DRAINING' })))).toMatchObject({
      verdict: 'wait',
      reason: 'Draining',
    });
  });

  test('names the task sets that hold it', () => {
    const live = aService({
      ...EMPTY,
      deploymentController: { type: 'EXTERNAL' },
      taskSets: [{ id: 'ts-1' }, { id: 'ts-2', externalId: 'blue' }],
    });

    expect(planDeletion(anObject(), observed(live))).toMatchObject({
      verdict: 'wait',
      reason: 'TaskSetsRemain',
      message: expect.stringContaining('ts-1, blue'),
    });
  });

  test('deletes CodeDeploy’s empty task set with the service, because it never goes by itself', () => {
    const live = aService({ ...EMPTY, deploymentController: { type: 'CODE_DEPLOY' }, taskSets: [{ id: 'ts-1' }] });

    expect(planDeletion(anObject(), observed(live))).toMatchObject({
      steps: [{ call: 'DeleteService', input: { ...ADDRESS, force: true } }],
    });
  });

  test('leaves it where it is to be retained, without our tags', () => {
    const retained = anObject({ deletionPolicy: 'Retain' });
    const tags = [...(aService().tags ?? []), { key: 'team', value: 'a' }];

    expect(planDeletion(retained, observed(aService({ tags })))).toMatchObject({
      steps: [{ call: 'UntagResource', input: { resourceArn: SERVICE_ARN, tagKeys: OWNER_TAG_KEYS } }],
    });
    expect(planDeletion(retained, observed(aService({ tags: [] })))).toMatchObject({ verdict: 'in-sync' });
  });

  test('looks at the object once more before whatever stops tasks', () => {
    expect(ecsService.isDestructive({ call: 'DeleteService', input: { service: 'web' } })).toBe(true);
    expect(ecsService.isDestructive({ call: 'UpdateService', input: { service: 'web', desiredCount: 0 } })).toBe(true);
    expect(ecsService.isDestructive({ call: 'UpdateService', input: { service: 'web', desiredCount: 1 } })).toBe(false);
  });
});
