import type { SchemaDefinition } from '../../../src/api/schema-definition.ts';
import { nameOf, type Stage } from '../../support/operator-stage.ts';
import type { ExampleObject } from '../../support/rule-examples.ts';
import { type Draw, drawnFrom } from './changes.ts';
import { configurationIn, differences } from './configuration.ts';
import { bring, messageOf, obstaclesButRoom, writesIn } from './rest.ts';
import type { Story } from './stories.ts';

/** An object as an older schema or older rules may have let it in. */
export interface Refusal {
  readonly is: 'misshapen' | 'rule-breaking';
  readonly object: ExampleObject;
  /** What is wrong with it first, and what to write instead. */
  readonly path: string;
  readonly message: string;
}

/** The first of the changes that is refused for its shape, or for a rule, as the seed chooses. */
export function refusalIn(story: Story, drawn: readonly Draw[], seed: number): Refusal {
  const wanted = seed % 2 === 0 ? 'misshapen' : 'rule-breaking';
  for (const draw of drawn) {
    const change = drawnFrom(story, draw);
    const refusal = change && refusalOf(change.definition, change.after);
    if (refusal?.is === wanted) return refusal;
  }
  throw new Error(`none of ${drawn.length} changes is ${wanted}`);
}

function refusalOf(definition: SchemaDefinition, object: ExampleObject): Refusal | undefined {
  const parsed = definition.spec.safeParse(object.spec);
  const [issue] = parsed.success
    ? definition.check({ name: object.metadata.name, spec: parsed.data })
    : parsed.error.issues.map(({ path, message }) => ({ path: ['spec', ...path].join('.'), message }));
  return issue && { is: parsed.success ? 'rule-breaking' : 'misshapen', object, ...issue };
}

/** From the story to the refused object and back; all that was not as it must be. */
export async function stumble(
  stage: Stage,
  story: Story,
  { object, path, message }: Refusal,
): Promise<readonly string[]> {
  const before = await bring(stage, story);
  const configuration = configurationIn(stage);
  stage.simulator.forgetCalls();
  stage.apply(object);
  await stage.clock.advance(60_000);
  const stalled = stage.stalledBy(nameOf(object));
  const told = messageOf(stage.object(nameOf(object)));
  const written = stage.simulator.writes().map(({ action }) => action);
  const late = await writesIn(stage);

  const after = await bring(stage, story);
  return [
    ...obstaclesButRoom(before).map((fault) => `before it ${fault}`),
    ...(stalled === 'InvalidSpec' ? [] : [`Stalled by ${stalled}`]),
    ...(told.includes(`${path}: ${message}`) ? [] : [`told as '${told}', not '${message}'`]),
    ...[...written, ...late].map((write) => `all the same ${write}`),
    ...obstaclesButRoom(after).map((fault) => `after it ${fault}`),
    ...differences(configuration, configurationIn(stage)).map((difference) => `after it another ${difference}`),
  ];
}
