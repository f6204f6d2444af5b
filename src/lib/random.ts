/** Uniform in [0, 1). Passed in wherever chance is needed, so that a test can seed it. */
export type Random = () => number;

export const systemRandom: Random = Math.random;
