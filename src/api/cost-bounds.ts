/**
 * Bounds that ECS does not have. The API server refuses a CRD whose rules could be too dear, and takes a list without
 * `maxItems` for as long as a request can be. Each is far beyond what fits into the 64 KiB of a task definition in
 * practice, or beyond what ECS gives a use to.
 */
export const COST_BOUNDS = {
  clusterSettings: 10,
  environment: 1000,
  secrets: 500,
  portMappings: 300,
  mountPoints: 100,
  volumesFrom: 100,
  volumes: 100,
  dependsOn: 50,
  ulimits: 50,
  systemControls: 100,
  resourceRequirements: 20,
  healthCheckCommand: 200,
  capabilities: 100,
  proxyProperties: 50,
  requiresCompatibilities: 10,
  serviceConnectServices: 100,
  lifecycleHooks: 50,
  lifecycleStages: 20,
  alarmNames: 100,
  volumeConfigurations: 10,
  tagSpecifications: 10,
  metricQueries: 30,
  stepAdjustments: 50,
  selectorExpressions: 20,
  selectorValues: 100,
  allowed: 100,
} as const;
