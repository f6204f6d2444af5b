/** Where a simulator's resources are. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

export function clusterArn(place: Place, name: string): string {
  return `${ecs(place)}:cluster/${name}`;
}

export function capacityProviderArn(place: Place, name: string): string {
  return `${ecs(place)}:capacity-provider/${name}`;
}

export function taskDefinitionArn(place: Place, family: string, revision: number): string {
  return `${ecs(place)}:task-definition/${family}:${revision}`;
}

export function roleArn(place: Place, name: string): string {
  return `arn:aws:iam::${place.accountId}:role/${name}`;
}

export function namespaceArn(place: Place, id: string): string {
  return `arn:aws:servicediscovery:${place.region}:${place.accountId}:namespace/${id}`;
}

/** The parts of an ECS ARN; undefined for a text that is none. */
export function parseEcsArn(text: string): (Place & { kind: string; rest: readonly string[] }) | undefined {
  const [, region, accountId, resource] = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):(.+)$/.exec(text) ?? [];
  if (region === undefined || accountId === undefined || resource === undefined) return undefined;
  const [kind = '', ...rest] = resource.split('/');
  return { region, accountId, kind, rest };
}

function ecs({ region, accountId }: Place): string {
  return `arn:aws:ecs:${region}:${accountId}`;
}
