import type { OperatorProcess } from '../support/operator-process.ts';

/** What the operator tells of itself at one moment. */
export interface OperatorFigures {
  readonly cpuSeconds: number;
  readonly megabytes: number;
  /** Objects of all kinds that are Ready. */
  readonly ready: number;
  readonly throttled: number;
}

export async function readFigures(operator: OperatorProcess): Promise<OperatorFigures> {
  const text = await operator.metrics();
  return {
    cpuSeconds: sumOf(text, /^process_cpu_seconds_total (\S+)/gm),
    megabytes: sumOf(text, /^process_resident_memory_bytes (\S+)/gm) / 1e6,
    ready: sumOf(text, /^ecs_operator_resources\{[^}]*ready="true"[^}]*\} (\S+)/gm),
    throttled: sumOf(text, /^ecs_operator_aws_requests_total\{[^}]*"Throttled"[^}]*\} (\S+)/gm),
  };
}

function sumOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}
