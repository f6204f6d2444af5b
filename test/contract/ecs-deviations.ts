import type { BackingName } from './ecs-backings.ts';

/**
 * What a backing gets wrong, by the id of the case. Such a case is run all the same and must fail: once it passes, the
 * row is stale and the suite says so.
 */
export const DEVIATIONS: Readonly<Partial<Record<BackingName, Readonly<Record<string, string>>>>> = {
  moto: {
    'cluster-capacity-providers': 'does not fill in base 0',
    'cluster-with-services': 'deletes a cluster with its services in it',
    'family-means-newest-active': 'answers with the newest revision, ACTIVE or not',
    'service-eleven-names': 'takes any number of names',
    'service-defaults': 'fills in no deployment configuration',
    'service-create-twice': 'lets the second service take the place of the first',
    'service-new-definition-new-deployment': 'never finishes a deployment',
    'service-deployments-listed': 'does not know the action, and answers with a page of HTML',
  },
};
