import { describe, expect, test } from 'vitest';
import { createFakeGateway, type FakeGateway, revisionArn } from '../../../test/support/fake-gateway.ts';
import type { Prospect } from '../../core/managed-kind.ts';
import { foreseeService } from './foresee.ts';
import type { EcsServiceTypes, ServiceStep } from './model.ts';

const { signal } = new AbortController();

/** Definitions that are their own role: `web:1` has the role `web-1`. */
function registered(...revisions: readonly (readonly [family: string, revision: number])[]): FakeGateway {
  const taskDefinitions = revisions.map(([family, revision]) => ({
    definition: { taskDefinitionArn: revisionArn(family, revision), taskRoleArn: `${family}-${revision}` },
    tags: [],
  }));
  return createFakeGateway({ taskDefinitions });
}

function prospect(step: ServiceStep, service?: object): Prospect<EcsServiceTypes> {
  const observed = service === undefined ? { exists: false } : { exists: true, state: { service }, owner: undefined };
  return {
    steps: [step],
    desired: { remedy: 'spec.taskDefinition' },
    observed,
  } as unknown as Prospect<EcsServiceTypes>;
}

function updateOf(input: object): ServiceStep {
  return { call: 'UpdateService', input: { service: 'web', ...input } };
}

async function rolesOf(step: ServiceStep, service?: object): Promise<readonly string[]> {
  const gateway = registered(['web', 1], ['web', 2], ['job', 1]);
  const { claims } = await foreseeService(prospect(step, service), gateway, signal);
  return claims.map(({ name }) => name);
}

describe('the roles that a step makes use of', () => {
  const running = { taskDefinition: revisionArn('web', 1), taskSets: [] };

  test('are those of the definition that is sent, not of the one that goes', async () => {
    expect(await rolesOf(updateOf({ taskDefinition: revisionArn('web', 2) }), running)).toEqual(['web-2']);
  });

  test('are those of what runs where no definition is sent, because more of it is started', async () => {
    expect(await rolesOf(updateOf({ desiredCount: 9 }), running)).toEqual(['web-1']);
  });

  test('are those of all task sets, which have definitions of their own', async () => {
    const taskSets = [revisionArn('web', 2), revisionArn('job', 1)].map((taskDefinition) => ({ taskDefinition }));

    expect(await rolesOf(updateOf({ desiredCount: 9 }), { taskSets })).toEqual(['web-2', 'job-1']);
  });

  test('are none where the step starts nothing', async () => {
    expect(await rolesOf({ call: 'DeleteService', input: { service: 'web' } }, running)).toEqual([]);
    expect(await rolesOf({ call: 'CreateService', input: { serviceName: 'web' } })).toEqual([]);
  });
});

/** Answers whatever it is asked for with that revision. */
function gatewayWith(revision: number): FakeGateway {
  const gateway = registered(['web', revision]);
  const newest = gateway.taskDefinitions.get(revisionArn('web', revision));
  return { ...gateway, describeTaskDefinition: () => Promise.resolve(newest) };
}

describe('a family', () => {
  const creation: ServiceStep = {
    call: 'CreateService',
    input: { serviceName: 'web', taskDefinition: 'web', clientToken: 'token' },
  };

  test('is sent as the revision that was judged, because another one could come in between', async () => {
    const { steps } = await foreseeService(prospect(updateOf({ taskDefinition: 'web' })), gatewayWith(2), signal);

    expect(steps).toEqual([updateOf({ taskDefinition: revisionArn('web', 2) })]);
  });

  test('is another request for each revision, and the same one for the same', async () => {
    const tokens = await Promise.all(
      [1, 1, 2].map(async (revision) => {
        const { steps } = await foreseeService(prospect(creation), gatewayWith(revision), signal);
        return steps.map(({ input }) => ('clientToken' in input ? input.clientToken : undefined));
      }),
    );

    expect(tokens[1]).toEqual(tokens[0]);
    expect(tokens[2]).not.toEqual(tokens[0]);
  });

  test('that is not there is refused, because what comes later is not judged', async () => {
    const foreseen = foreseeService(prospect(creation), registered(), signal);

    await expect(foreseen).rejects.toMatchObject({ code: 'Rejected', message: /no task definition web/ });
  });
});
