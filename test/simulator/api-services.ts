import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as ecs from '@aws-sdk/client-ecs';

/** One of the APIs that are served at the one address, told apart by the target header of a request. */
export interface ApiService {
  /** What stands before the action's name in the target header (AWS JSON 1.1). */
  readonly target: string;
  /** What stands before it in a policy of IAM, and here where two services have an action of that name. */
  readonly prefix: string;
  readonly packageName: string;
  readonly sdk: Readonly<Record<string, unknown>>;
  /** The exception by which it refuses an input that does not fit its model. */
  readonly refusal: string;
}

const ECS: ApiService = {
  target: 'AmazonEC2ContainerServiceV20141113',
  prefix: 'ecs',
  packageName: '@aws-sdk/client-ecs',
  sdk: ecs,
  refusal: 'InvalidParameterException',
};

const SCALING: ApiService = {
  target: 'AnyScaleFrontendService',
  prefix: 'application-autoscaling',
  packageName: '@aws-sdk/client-application-auto-scaling',
  sdk: scaling,
  refusal: 'ValidationException',
};

export const API_SERVICES: readonly ApiService[] = [ECS, SCALING];

/**
 * By what name an action is called, recorded and made to fail here: its own, but for an action that ECS has as well,
 * which carries its service: `application-autoscaling:TagResource`.
 */
export function actionIn(service: ApiService, name: string): string {
  return service !== ECS && `${name}$` in ECS.sdk ? `${service.prefix}:${name}` : name;
}

/** The service that an action belongs to, with its name there; ECS where no service knows it. */
export function serviceOf(action: string): { readonly service: ApiService; readonly name: string } {
  const name = nameOf(action);
  const service = API_SERVICES.find((one) => `${name}$` in one.sdk && actionIn(one, name) === action);
  return { service: service ?? ECS, name };
}

/** Without the service that may stand before it. */
export function nameOf(action: string): string {
  return action.slice(action.indexOf(':') + 1);
}
