/**
 * Runs vitest's projects one after the other and adds up what they say. Skipped tests are named, never counted as
 * passed. The last line is `N passed, N failed, N skipped`; the exit code is 0 only where nothing failed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});
type Report = z.infer<typeof Report>;

const projects = process.argv.slice(2);
const folder = await mkdtemp(path.join(tmpdir(), 'ecs-operator-tests-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const project of projects) {
  const report = await runProject(project, path.join(folder, `${project}.json`));
  add(project, report);
}
await rm(folder, { recursive: true, force: true });
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

async function runProject(project: string, outputFile: string): Promise<Report | undefined> {
  console.log(`\n== ${project}`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile=${outputFile}`];
  const vitest = spawn('vitest', args, { stdio: 'inherit', env: { ...process.env, NO_COLOR: '1' } });
  const code = await new Promise<number | null>((resolve, reject) => {
    vitest.on('exit', resolve);
    vitest.on('error', reject);
  });
  try {
    const report = Report.parse(JSON.parse(await readFile(outputFile, 'utf8')));
    // A run can fail with no failed test: an unhandled rejection, or a setup that threw.
    return code === 0 || report.numFailedTests > 0 ? report : { ...report, numFailedTests: 1 };
  } catch {
    return undefined;
  }
}

function add(project: string, report: Report | undefined): void {
  if (report === undefined) {
    console.log(`failed: ${project} did not report`);
    totals.failed += 1;
    return;
  }
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
  for (const file of report.testResults) {
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') continue;
      totals.skipped += 1;
      console.log(`skipped: ${path.relative(process.cwd(), file.name)}: ${fullName}`);
    }
  }
}
