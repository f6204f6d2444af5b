import { z } from 'zod';
import { buildClusterTools } from '../../tools/cluster-tools/build.ts';
import { runProgram } from './helm.ts';

const Verdicts = z.array(z.object({ status: z.string(), message: z.string() }));
type Verdict = z.infer<typeof Verdicts>[number];

/** What kstatus, by which Flux and `helm --wait` go, takes each object for. */
export function judgeByKstatus(objects: readonly object[]): Promise<readonly Verdict[]> {
  return judge(['kstatus'], objects);
}

/** What Argo CD shows for each object by this health script. */
export function judgeByLua(script: string, objects: readonly object[]): Promise<readonly Verdict[]> {
  return judge(['lua-health', script], objects);
}

async function judge(args: readonly string[], objects: readonly object[]): Promise<readonly Verdict[]> {
  const { judge: program } = await buildClusterTools(process.env);
  const { stdout, stderr, code } = await runProgram(program, args, { input: JSON.stringify(objects) });
  if (code !== 0) throw new Error(`judge ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  return Verdicts.parse(JSON.parse(stdout));
}
