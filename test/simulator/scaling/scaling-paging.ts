import { pageOf } from '../paging.ts';
import { SimulatedError } from '../simulated-error.ts';
import { invalid } from './scaling-refusals.ts';

interface Asked {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** One page of `all`; `most` is what the action documents, and its default. */
export function scalingPageOf(
  all: readonly string[],
  { NextToken, MaxResults }: Asked,
  most: number,
): { items: string[]; NextToken: string | undefined } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > most)) {
    throw invalid(`MaxResults must be between 1 and ${most}.`); // wording unknown
  }
  try {
    const { items, nextToken } = pageOf(all, { nextToken: NextToken, maxResults: MaxResults }, { usual: most, most });
    return { items, NextToken: nextToken };
  } catch (error) {
    if (!(error instanceof SimulatedError)) throw error;
    throw new SimulatedError('InvalidNextTokenException', 'The next token supplied was invalid.'); // wording unknown
  }
}
