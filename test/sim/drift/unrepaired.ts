const OURS_ALONE = 'it is a word to the operator, of which ECS knows nothing';
const IDENTITY = 'it says which resource is meant: with another one it is another resource';
const SETTLED = 'no call of ECS changes it, for us or for others';

const COMMON = {
  region: IDENTITY,
  'accountRef.name': IDENTITY,
  adoptionPolicy: OURS_ALONE,
  deletionPolicy: OURS_ALONE,
  managementPolicy: OURS_ALONE,
  suspend: OURS_ALONE,
};

/** Fields that nobody can change in ECS, or of which it shows nothing, each with the reason. */
export const UNREPAIRED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EcsCluster: { ...COMMON, clusterName: IDENTITY },
  EcsTaskDefinition: {
    ...COMMON,
    family: IDENTITY,
    revisionHistoryLimit: OURS_ALONE,
    revisionCleanup: OURS_ALONE,
  },
  EcsService: {
    ...COMMON,
    forceDelete: OURS_ALONE,
    'clusterRef.name': IDENTITY,
    cluster: IDENTITY,
    serviceName: IDENTITY,
    launchType: SETTLED,
    role: SETTLED,
    schedulingStrategy: SETTLED,
  },
};

/** Changes that make no difference to the operator, by path and act, each with the reason. */
export const SAME: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EcsTaskDefinition: {
    'containerDefinitions[].firelensConfiguration.options fewer': 'enable-ecs-log-metadata is true where absent (T50)',
  },
};
