import type { BackingName } from './ecs-backings.ts';

/**
 * What a backing gets wrong, by the id of the case. Such a case is run all the same and must fail: once it passes, the
 * row is stale and the suite says so.
 */
export const DEVIATIONS: Readonly<Partial<Record<BackingName, Readonly<Record<string, string>>>>> = {
  moto: {
    'cluster-capacity-providers': 'does not fill in base 0',
    'cluster-provider-unknown': 'takes any name for a capacity provider',
    'cluster-strategy-of-others': 'takes any name in a strategy',
    'cluster-statistics': 'has no statistics',
    'cluster-counts-services': 'counts no services',
    'cluster-with-services': 'deletes a cluster with its services in it',
    'family-means-newest-active': 'answers with the newest revision, ACTIVE or not',
    'list-in-pages': 'answers everything at once, whatever maxResults says',
    'service-eleven-names': 'takes any number of names',
    'service-defaults': 'fills in no deployment configuration',
    'service-create-twice': 'lets the second service take the place of the first',
    'service-token-with-other-input': 'lets the second service take the place of the first',
    'service-of-inactive-definition': 'runs a revision that was deregistered',
    'service-configuration-is-no-deployment': 'forgets what the change does not name',
    'service-list-cleared': 'drops the placement strategy',
    'service-revision-described': 'does not know the action, and answers with a page of HTML',
    'service-listed': 'answers everything at once, whatever maxResults says',
    'service-tasks-of-none': 'lists no tasks of a service that is not there',
    'service-deleted-lingers': 'does not tell when a service was made, and lists it after its deletion',
    'service-inactive-not-updated': 'updates a service that is INACTIVE',
    'service-name-again': 'does not tell when a service was made',
    'service-deployment-described': 'does not know the action, and answers with a page of HTML',
    'service-new-definition-new-deployment': 'never finishes a deployment',
    'service-deployments-listed': 'does not know the action, and answers with a page of HTML',
    'scaling-target-suspended': 'shows only what was stated',
    'scaling-target-role': 'has no role',
    'scaling-target-moves-count': 'leaves the count where it is',
    'scaling-target-min-over-max': 'takes any range',
    'scaling-target-without-min': 'takes a range with one end',
    'scaling-target-tags': 'does not know the actions, and answers with a page of HTML',
    'scaling-policy-again': 'gives the policy another ARN and other alarms',
    'scaling-policy-without-target': 'makes a policy without a target',
    'scaling-policy-predictive': 'does not know the type',
    'scaling-policy-deleted': 'answers a second deletion with a ValidationException',
    'scaling-target-takes-all': 'leaves policies behind',
    'scaling-target-gone-twice': 'answers with a ValidationException',
    'scaling-activities': 'does not know the action, and answers with a page of HTML',
  },
};
