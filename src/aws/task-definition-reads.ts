import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  type TaskDefinitionStatus,
} from '@aws-sdk/client-ecs';
import { Failure } from '../core/failure.ts';
import { BoundedMap } from '../lib/bounded-map.ts';
import { orAborted } from '../lib/deadline.ts';
import type { Connection } from './connection.ts';
import type { DescribedTaskDefinition, Priority } from './gateway.ts';

interface TaskDefinitionReads {
  /** With tags that may be remembered from before, `live` ones, or `any`. */
  describe(
    definition: string,
    priority: Priority,
    signal: AbortSignal,
    tags: 'live' | 'any' | undefined,
  ): Promise<DescribedTaskDefinition | undefined>;
  revisions(
    family: string,
    status: TaskDefinitionStatus,
    priority: Priority,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Forgets what a write has made old. */
  forgetTags(arn: string): void;
  forgetRevisions(): void;
}

const REMEMBERED_DEFINITIONS = 20_000;
/** How old tags may be in a sweep: a stranger who takes them off is noticed within that time. */
const TAGS_MAX_AGE_MS = 6 * 3_600_000;
/** Up to so much earlier, by chance, so that the reads do not all fall on one sweep. */
const TAGS_AGE_SPREAD_MS = 2 * 3_600_000;

/** A revision by name, as an ARN has its own place and a family means another one tomorrow. */
const REVISION = /^[^:]+:\d+$/;

interface Remembered extends DescribedTaskDefinition {
  readonly goodUntil: number;
}

export function createTaskDefinitionReads(connection: Connection): TaskDefinitionReads {
  const { client, call, clock, random } = connection;
  const known = new BoundedMap<string, Remembered>(REMEMBERED_DEFINITIONS);
  /** ARNs by `family:revision`, for whoever asks in these words. */
  const arns = new BoundedMap<string, string>(REMEMBERED_DEFINITIONS);
  const listing = createActiveListing(connection);

  async function read(definition: string, priority: Priority, signal: AbortSignal) {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: definition, include: ['TAGS'] });
    try {
      const { taskDefinition, tags = [] } = await call({ action: 'DescribeTaskDefinition', priority, signal }, () =>
        client.send(command, { abortSignal: signal }),
      );
      if (taskDefinition === undefined) return undefined;
      const goodUntil = clock.monotonic() + TAGS_MAX_AGE_MS - random() * TAGS_AGE_SPREAD_MS;
      const described: Remembered = { definition: taskDefinition, tags, goodUntil };
      known.set(String(taskDefinition.taskDefinitionArn), described);
      if (REVISION.test(definition)) arns.set(definition, String(taskDefinition.taskDefinitionArn));
      return described;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  return {
    async describe(definition, priority, signal, tags) {
      const remembered = known.get(arns.get(definition) ?? definition);
      const isFresh = priority === 'sweep' && remembered !== undefined && clock.monotonic() < remembered.goodUntil;
      const isGood = tags === 'any' || (tags === undefined && isFresh);
      return isGood && remembered !== undefined ? remembered : read(definition, priority, signal);
    },
    async revisions(family, status, priority, signal) {
      const shared = status === 'ACTIVE' && priority === 'sweep' ? await listing.read(family, signal) : undefined;
      return shared ?? listRevisions(connection, { familyPrefix: family, status }, priority, signal);
    },
    forgetTags: (arn) => known.delete(arn),
    forgetRevisions: () => listing.forget(),
  };
}

/** ECS answers a missing definition with a ClientException in these words, not with a "not found". */
function isAbsent(error: unknown): boolean {
  return error instanceof Failure && /unable to describe task definition/i.test(error.message);
}

async function listRevisions(
  { client, call }: Connection,
  filter: { readonly familyPrefix?: string; readonly status: TaskDefinitionStatus },
  priority: Priority,
  signal: AbortSignal,
  maxPages = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  let pages = 0;
  do {
    const command = new ListTaskDefinitionsCommand({
      ...filter,
      maxResults: 100,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const page = await call({ action: 'ListTaskDefinitions', priority, signal }, () =>
      client.send(command, { abortSignal: signal }),
    );
    arns.push(...(page.taskDefinitionArns ?? []));
    nextToken = page.nextToken;
    pages += 1;
    if (nextToken !== undefined && pages >= maxPages) throw new TooManyPages();
  } while (nextToken !== undefined);
  return arns.toSorted((a, b) => revisionOf(b) - revisionOf(a));
}

class TooManyPages extends Error {
  override readonly name = 'TooManyPages';
}

interface ActiveListing {
  /** The family's ACTIVE revisions, newest first; undefined where listing the whole region would cost more. */
  read(family: string, signal: AbortSignal): Promise<readonly string[] | undefined>;
  forget(): void;
}

/** A listing is shared by all that sweep within that time of its beginning. */
const LISTING_MAX_AGE_MS = 30_000;
/** The region is always listed up to so many pages; beyond, as long as it is cheaper than asking per family. */
const LEAST_PAGES = 5;
/** After a listing that was too long, ask per family for that long. */
const TOO_LONG_FOR_MS = 3_600_000;

type ByFamily = ReadonlyMap<string, readonly string[]>;

/** One listing of all ACTIVE revisions of the region in place of one a family. */
function createActiveListing(connection: Connection): ActiveListing {
  const { clock, lifetime } = connection;
  const families = new Set<string>();
  let current: { readonly begunAt: number; readonly answer: Promise<ByFamily | undefined> } | undefined;
  let tooLongUntil = Number.NEGATIVE_INFINITY;

  async function list(): Promise<ByFamily | undefined> {
    try {
      const maxPages = Math.max(LEAST_PAGES, families.size);
      return byFamily(await listRevisions(connection, { status: 'ACTIVE' }, 'sweep', lifetime, maxPages));
    } catch (error) {
      current = undefined;
      if (!(error instanceof TooManyPages)) throw error;
      tooLongUntil = clock.monotonic() + TOO_LONG_FOR_MS;
      return undefined;
    }
  }

  return {
    async read(family, signal) {
      families.add(family);
      const now = clock.monotonic();
      if (now < tooLongUntil) return undefined;
      if (current === undefined || now - current.begunAt > LISTING_MAX_AGE_MS) {
        current = { begunAt: now, answer: list() };
      }
      const { answer } = current;
      const listed = await orAborted(signal, () => answer);
      return listed && (listed.get(family) ?? []);
    },
    forget: () => {
      current = undefined;
    },
  };
}

function byFamily(arns: readonly string[]): ByFamily {
  return Map.groupBy(arns, (arn) => arn.slice(arn.lastIndexOf('/') + 1, arn.lastIndexOf(':')));
}

function revisionOf(arn: string): number {
  return Number(arn.slice(arn.lastIndexOf(':') + 1));
}
