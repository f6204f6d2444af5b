/** The first line of a generated page: where to change what it says. Paths are from the project's root. */
export function madeFrom(...sources: readonly string[]): string {
  return `<!-- Made from ${sources.join(' and ')} by \`make generate\`: change it there. -->\n`;
}
