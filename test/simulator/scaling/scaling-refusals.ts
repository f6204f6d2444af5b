import { SimulatedError } from '../simulated-error.ts';

/** The exceptions of Application Auto Scaling, by the names the SDK models. */
export function invalid(message: string): SimulatedError {
  return new SimulatedError('ValidationException', message);
}

// The wording is quoted in ansible/ansible pull request 35632 and in many more.
export function noTarget(resourceId: string): SimulatedError {
  return notFound(`No scalable target registered for ${placed(resourceId)}`);
}

export function noPolicy(resourceId: string, name: string): SimulatedError {
  return notFound(`No scaling policy found for ${placed(resourceId)}, policy name: ${name}`); // wording unknown
}

export function noAction(resourceId: string, name: string): SimulatedError {
  return notFound(`No scheduled action found for ${placed(resourceId)}, scheduled action name: ${name}`); // wording unknown
}

/** SDK: `ConcurrentUpdateException`, "if you request an update to a resource that already has a pending update". */
export function pending(): SimulatedError {
  return new SimulatedError(
    'ConcurrentUpdateException',
    'You already have a pending update to an Auto Scaling resource.', // wording unknown
    500,
  );
}

export function limitExceeded(message: string): SimulatedError {
  return new SimulatedError('LimitExceededException', message); // wording unknown
}

function notFound(message: string): SimulatedError {
  return new SimulatedError('ObjectNotFoundException', message);
}

function placed(resourceId: string): string {
  return `service namespace: ecs, resource ID: ${resourceId}, scalable dimension: ecs:service:DesiredCount`;
}
