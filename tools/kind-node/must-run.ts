import { runProgram } from '../../test/support/helm.ts';

/** What a program wrote to stdout; throws what it complained of where it fails. It gets the whole environment. */
export async function mustRun(program: string, args: readonly string[]): Promise<string> {
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { stdout, stderr, code } = await runProgram(program, args, { environment: Object.fromEntries(given) });
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${(stderr || stdout).trim().slice(-2_000)}`);
  return stdout;
}
