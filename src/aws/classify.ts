import { Failure, type FailureCode } from '../core/failure.ts';
import { type Redaction, redactionFor } from './redaction.ts';

/**
 * What each exception of the SDK means, by its name. A test walks the SDK's exports and fails on one that is missing.
 * The same name can be passing or final: `REFINEMENTS` looks at the words.
 */
export const EXCEPTIONS: Readonly<Record<string, FailureCode>> = {
  AccessDeniedException: 'AccessDenied',
  AttributeLimitExceededException: 'Rejected',
  BlockedException: 'AccessDenied',
  ClientException: 'Rejected',
  ClusterContainsCapacityProviderException: 'Unavailable',
  ClusterContainsContainerInstancesException: 'Unavailable',
  ClusterContainsServicesException: 'Unavailable',
  ClusterContainsTasksException: 'Unavailable',
  ClusterNotFoundException: 'DependencyNotReady',
  ConcurrentUpdateException: 'Unavailable',
  ConflictException: 'Unavailable',
  DaemonNotActiveException: 'Rejected',
  DaemonNotFoundException: 'Rejected',
  // The autoscaler may not read the alarms (SDK: FailedResourceAccessException).
  FailedResourceAccessException: 'AccessDenied',
  GatewayNotFoundException: 'DependencyNotReady',
  InternalServiceException: 'Unavailable',
  InvalidNextTokenException: 'Unavailable',
  InvalidParameterException: 'Rejected',
  LimitExceededException: 'Rejected',
  MissingVersionException: 'Rejected',
  NamespaceNotFoundException: 'DependencyNotReady',
  NoUpdateAvailableException: 'Rejected',
  // A scalable target that went while it was being changed: the next look sees that it is gone.
  ObjectNotFoundException: 'Unavailable',
  PlatformTaskDefinitionIncompatibilityException: 'Rejected',
  PlatformUnknownException: 'Rejected',
  ResourceInUseException: 'InUse',
  ResourceNotFoundException: 'Unavailable',
  ServerException: 'Unavailable',
  ServiceDeploymentNotFoundException: 'Unavailable',
  ServiceNotActiveException: 'Unavailable',
  ServiceNotFoundException: 'Unavailable',
  TargetNotConnectedException: 'Rejected',
  TargetNotFoundException: 'Rejected',
  TaskSetNotFoundException: 'Unavailable',
  TooManyTagsException: 'Rejected',
  UnsupportedFeatureException: 'Rejected',
  UpdateInProgressException: 'Unavailable',
  // Of STS.
  ExpiredTradeInTokenException: 'AccessDenied',
  IDPCommunicationErrorException: 'Unavailable',
  IDPRejectedClaimException: 'AccessDenied',
  InvalidAuthorizationMessageException: 'Rejected',
  InvalidIdentityTokenException: 'AccessDenied',
  JWTPayloadSizeExceededException: 'Rejected',
  MalformedPolicyDocumentException: 'Rejected',
  OutboundWebIdentityFederationDisabledException: 'Rejected',
  PackedPolicyTooLargeException: 'Rejected',
  RegionDisabledException: 'Rejected',
  SessionDurationEscalationException: 'Rejected',
  // Not modelled by the service, but answered by the front of every AWS API ("Common errors", API reference).
  AccessDenied: 'AccessDenied',
  ExpiredToken: 'AccessDenied',
  ExpiredTokenException: 'AccessDenied',
  IncompleteSignature: 'AccessDenied',
  InternalFailure: 'Unavailable',
  InvalidClientTokenId: 'AccessDenied',
  InvalidIdentityToken: 'AccessDenied',
  InvalidSignatureException: 'AccessDenied',
  MissingAuthenticationTokenException: 'AccessDenied',
  NotAuthorized: 'AccessDenied',
  OptInRequired: 'AccessDenied',
  RequestExpired: 'AccessDenied',
  RequestLimitExceeded: 'Throttled',
  ServiceUnavailable: 'Unavailable',
  SignatureDoesNotMatch: 'AccessDenied',
  Throttling: 'Throttled',
  ThrottlingException: 'Throttled',
  TooManyRequestsException: 'Throttled',
  UnrecognizedClientException: 'AccessDenied',
  ValidationException: 'Rejected',
  // Made by the SDK itself, before or instead of an answer.
  CredentialsProviderError: 'AccessDenied',
  TokenProviderError: 'AccessDenied',
  TimeoutError: 'Unavailable',
  NetworkingError: 'Unavailable',
};

interface Refinement {
  readonly name: string;
  readonly words: RegExp;
  readonly code: FailureCode;
  /** A message as ECS has been seen to word it; the test classifies it. */
  readonly sample: string;
}

/** Messages that mean something else than their exception's name, each with a recorded sample. */
export const REFINEMENTS: readonly Refinement[] = [
  {
    name: 'ClientException',
    words: /too many concurrent attempts/i,
    code: 'Throttled',
    sample: 'Too many concurrent attempts to create a new revision of the specified family.',
  },
  { name: 'ClientException', words: /^rate exceeded/i, code: 'Throttled', sample: 'Rate exceeded' },
  {
    // IAM is eventually consistent: a role that was just made cannot be assumed for some seconds.
    name: 'InvalidParameterException',
    words: /unable to assume|proper permissions|validate that the role exists/i,
    code: 'Unavailable',
    sample: 'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
  },
  {
    name: 'ClientException',
    words: /unable to assume|validate that the role exists/i,
    code: 'Unavailable',
    sample: "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.",
  },
  {
    name: 'InvalidParameterException',
    words: /still draining/i,
    code: 'Unavailable',
    sample: 'Unable to Start a service that is still Draining.',
  },
  {
    name: 'InvalidParameterException',
    words: /not idempotent/i,
    code: 'Unavailable',
    sample: 'Creation of service was not idempotent.',
  },
  {
    name: 'InvalidParameterException',
    words: /does not have an associated load balancer/i,
    code: 'Unavailable',
    sample:
      'The target group with targetGroupArn arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef does not have an associated load balancer.',
  },
  {
    name: 'InvalidParameterException',
    words: /cannot be stopped while (?:deployments are active|the primary deployment)/i,
    code: 'Unavailable',
    sample: 'The service cannot be stopped while deployments are active.',
  },
  {
    // Application Auto Scaling looks for itself, and may be behind a service that was just made.
    name: 'ValidationException',
    words: /service doesn't exist/i,
    code: 'Unavailable',
    sample: "ECS service doesn't exist: service/shop/web",
  },
  {
    name: 'ClientException',
    words: /not authorized to perform/i,
    code: 'AccessDenied',
    sample: 'User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:CreateService on resource: *',
  },
];

/** Connections that broke, by Node's error codes. */
const NETWORK_CODES =
  /^(?:ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET|UND_ERR|CERT_|ERR_TLS|SELF_SIGNED|UNABLE_TO)/;

/**
 * Any error of a call as a `Failure` that names the call and keeps ECS's own words, but for values of the request that are
 * nobody else's business. A `Failure` passes as it is, and so does the reason of an aborted signal, which is nobody's
 * failure.
 */
export function classify(error: unknown, call: string, signal?: AbortSignal, input: object = {}): unknown {
  if (error instanceof Failure) return error;
  // The SDK throws an AbortError of its own making in place of the reason.
  const isAborted = error instanceof Error && error.name === 'AbortError';
  if (signal?.aborted && (isAborted || error === signal.reason)) return signal.reason;
  const redact = redactionFor(input);
  if (!(error instanceof Error)) {
    const words = redact(String(error));
    return new Failure('Bug', `${call}: ${words}`, { cause: words, call });
  }
  const details = { cause: redacted(error, redact), call, requestId: requestIdOf(error) };
  return new Failure(codeOf(error), `${call}: ${redact(error.message) || error.name}`, details);
}

/** The error, or where its words or those of its causes quote a secret, what else is known of it: a log shows causes too. */
function redacted(error: Error, redact: Redaction): Error {
  const message = redact(error.message);
  const stack = redact(error.stack ?? '');
  const cause = error.cause instanceof Error ? redacted(error.cause, redact) : undefined;
  if (message === error.message && stack === (error.stack ?? '') && cause === (error.cause ?? undefined)) return error;
  return Object.assign(new Error(message, { cause }), { name: error.name, stack });
}

/**
 * Whether the API is still at the change before, so that this one has taken no effect and succeeds a moment later (SDK:
 * `ConcurrentUpdateException` of Application Auto Scaling, "already has a pending update").
 */
export function isPending({ cause }: Failure): boolean {
  return cause instanceof Error && cause.name === 'ConcurrentUpdateException';
}

function codeOf(error: Error): FailureCode {
  const refined = REFINEMENTS.find(({ name, words }) => name === error.name && words.test(error.message));
  if (refined !== undefined) return refined.code;
  const known = EXCEPTIONS[error.name];
  if (known !== undefined) return known;
  return isOfTheNetwork(error) ? 'Unavailable' : codeOfStatus(statusOf(error));
}

/** For names that nobody has told us of. */
function codeOfStatus(status: number): FailureCode {
  if (status === 401 || status === 403) return 'AccessDenied';
  if (status === 429) return 'Throttled';
  return status >= 500 ? 'Unavailable' : 'Bug';
}

function isOfTheNetwork(error: Error): boolean {
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && NETWORK_CODES.test(code)) return true;
  return error.cause instanceof Error && isOfTheNetwork(error.cause);
}

function metadataOf(error: Error): Readonly<Record<string, unknown>> {
  const metadata: unknown = Reflect.get(error, '$metadata');
  return typeof metadata === 'object' && metadata !== null ? { ...metadata } : {};
}

function statusOf(error: Error): number {
  const { httpStatusCode } = metadataOf(error);
  return typeof httpStatusCode === 'number' ? httpStatusCode : 0;
}

function requestIdOf(error: Error): string | undefined {
  const { requestId } = metadataOf(error);
  return typeof requestId === 'string' ? requestId : undefined;
}
