/** Words by which ECS reports trouble (developer guide, "Amazon ECS service event messages"). */
const TROUBLE =
  /unable to|unhealthy|failed|failure|rolling back|throttl|impaired|was stopped|insufficient|could not|error/i;

export function isTrouble(message: string | undefined): boolean {
  return message !== undefined && TROUBLE.test(message);
}
