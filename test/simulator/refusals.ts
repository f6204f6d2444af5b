import { SimulatedError } from './simulated-error.ts';

/** The exceptions that service calls answer with, by the names the SDK models. */
export function invalidParameter(message: string): SimulatedError {
  return new SimulatedError('InvalidParameterException', message);
}

export function clientException(message: string): SimulatedError {
  return new SimulatedError('ClientException', message);
}

export function clusterNotFound(): SimulatedError {
  return new SimulatedError('ClusterNotFoundException', 'Cluster not found.');
}

// The messages of these two are those that terraform-provider-aws and AWS's own tools look for.
export function serviceNotFound(): SimulatedError {
  return new SimulatedError('ServiceNotFoundException', 'Service not found.');
}

export function serviceNotActive(): SimulatedError {
  return new SimulatedError('ServiceNotActiveException', 'Service was not ACTIVE.');
}

export function platformUnknown(): SimulatedError {
  return new SimulatedError('PlatformUnknownException', 'The specified platform does not exist.');
}

export function taskSetNotFound(): SimulatedError {
  return new SimulatedError('TaskSetNotFoundException', 'TaskSet not found.');
}

export function serviceDeploymentNotFound(): SimulatedError {
  return new SimulatedError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
}

export function conflict(message: string): SimulatedError {
  return new SimulatedError('ConflictException', message);
}
