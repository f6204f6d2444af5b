/** What happened in a play, in order, each with its moment. */
export interface Trace {
  readonly lines: readonly string[];
  note(what: string): void;
  /** Something is wrong from here on. */
  mark(violation: string): void;
}

const MARK = '>>>';

export function createTrace(now: () => number): Trace {
  const lines: string[] = [];
  function note(what: string): void {
    lines.push(`${(now() / 1_000).toFixed(3).padStart(10)} s  ${what}`);
  }
  return { lines, note, mark: (violation) => note(`${MARK} ${violation}`) };
}

/** The smallest part that shows what is wrong: up to the first violation, or all where only the end is another. */
export function smallestOf(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.includes(MARK));
  return first < 0 ? lines : lines.slice(0, first + 1);
}
