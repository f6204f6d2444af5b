import { EVENTS } from '../../support/fake-kube-api.ts';
import type { Stage } from '../../support/operator-stage.ts';

/** Stands in the stories wherever users keep secrets, and may stand nowhere else. */
export const CANARY = 'canary-7f3a';

/** Where the canary was told: lines of the log, Events, whatever was ever written of a status, and the text of metrics. */
export function leaksIn({ api }: Stage, lines: readonly unknown[], metrics = ''): readonly string[] {
  const statuses = api.writes.filter(({ subresource }) => subresource === 'status');
  return [
    ...tellers('the log', lines),
    ...tellers('a metric', metrics.split('\n')),
    ...tellers('an Event', api.objects(EVENTS)),
    ...tellers(
      'a status',
      statuses.map(({ body }) => body),
    ),
  ];
}

function tellers(teller: string, told: readonly unknown[]): readonly string[] {
  const leak = told.map((each) => text(each)).find((each) => each.includes(CANARY));
  return leak === undefined ? [] : [`${teller} tells a secret: ${leak}`];
}

/** Errors with their stacks and causes, as the logger writes them. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member instanceof Error ? [member.name, member.message, member.stack, member.cause] : member,
  );
}
