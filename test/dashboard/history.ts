import { z } from 'zod';
import { buildClusterTools } from '../../tools/cluster-tools/build.ts';
import { runProgram } from '../support/helm.ts';

/** What one target answered, and the labels that Prometheus gives its series. */
export interface Scrape {
  readonly at: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Milliseconds, as in the scrapes. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

const Series = z.object({
  labels: z.record(z.string(), z.string()),
  points: z.array(z.tuple([z.number(), z.number()])).readonly(),
});
export type Series = Readonly<z.infer<typeof Series>>;

const Answers = z.array(z.array(Series));

/** What a Prometheus with these scrapes would answer to each of the queries. */
export async function askHistory(
  scrapes: readonly Scrape[],
  queries: readonly string[],
  span: Span,
): Promise<readonly (readonly Series[])[]> {
  const { promql } = await buildClusterTools(process.env);
  const { stdout, stderr, code } = await runProgram(promql, [], {
    input: JSON.stringify({ scrapes, queries, ...span }),
  });
  if (code !== 0) throw new Error(`promql ended with ${code}: ${stderr.trim()}`);
  return Answers.parse(JSON.parse(stdout));
}
