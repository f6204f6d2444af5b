import { SETTINGS } from '../src/cmd/settings.ts';
import { madeFrom } from './made-from.ts';

/** The page of settings, from the one schema that `--help` comes from. */
export function generateSettings(): ReadonlyMap<string, string> {
  const rows = SETTINGS.map(
    ({ flag, env, fallback, description }) =>
      `| \`--${flag}\` | \`${env}\` | ${fallback ? `\`${fallback}\`` : ''} | ${description} |`,
  );
  const page = `${madeFrom('src/cmd/config.ts')}
# Settings

A flag goes before its variable, and that before the default.
An unknown flag is refused.
The AWS SDK's own variables and credential chain hold for all else (\`AWS_PROFILE\`, keys, web identity, \`AWS_ENDPOINT_URL_ECS\`).

| flag | variable | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
  return new Map([['docs/reference/settings.md', page]]);
}
