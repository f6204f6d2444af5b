import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { buildClusterTools } from '../../tools/cluster-tools/build.ts';
import { startChild } from './child-process.ts';
import { cleanEnvironment, type Environment } from './environment.ts';
import type { ClusterAccess } from './kubectl.ts';

export const CHART = join(import.meta.dirname, '..', '..', 'charts', 'ecs-operator');

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface ProgramOptions {
  readonly environment?: Environment;
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs a program to its end; that it fails is a result, not an exception. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { environment, input = '', cwd }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = startChild(program, args, {
    environment: environment ?? cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd && { cwd }),
  });
  const { stdin, stdout, stderr } = child.process;
  if (stdin === null || stdout === null || stderr === null) throw new Error(`${program} was started without pipes`);
  // A program that ends before it has read its input breaks the pipe; its exit code tells the story.
  stdin.on('error', () => undefined);
  stdin.end(input);
  const [out, err, ending] = await Promise.all([text(stdout), text(stderr), child.ended]);
  return { stdout: out, stderr: err, code: ending.code ?? 1 };
}

/** Helm as a user has it, with nothing of the machine's own configuration. */
export interface Helm {
  run(...args: readonly string[]): Promise<ProgramResult>;
  /** The same, and throws what helm said where it fails. */
  must(...args: readonly string[]): Promise<string>;
}

/** Without access to a cluster only what needs none works: lint, template, package. */
export async function connectHelm(folder: string, access?: ClusterAccess): Promise<Helm> {
  const { helm } = await buildClusterTools(process.env);
  const environment = cleanEnvironment({
    HOME: join(folder, 'helm-home'),
    ...(access && { KUBECONFIG: access.kubeconfigPath }),
  });
  const run = (...args: readonly string[]): Promise<ProgramResult> => runProgram(helm, args, { environment });
  return {
    run,
    async must(...args) {
      const { stdout, stderr, code } = await run(...args);
      if (code !== 0) throw new Error(`helm ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
      return stdout;
    },
  };
}

const Rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
/** An object as a chart renders it. */
export type Rendered = z.infer<typeof Rendered>;

export function parseObjects(yaml: string): readonly Rendered[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const value: unknown = document.toJS();
    return value === null ? [] : [Rendered.parse(value)];
  });
}

const Workload = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({}),
      spec: z.looseObject({ containers: z.tuple([z.looseObject({ args: z.array(z.string()), image: z.string() })]) }),
    }),
  }),
});

/** The pod template of the one Deployment there is. */
export function podTemplateOf(objects: readonly Rendered[]): z.infer<typeof Workload>['spec']['template'] {
  return Workload.parse(objects.find(({ kind }) => kind === 'Deployment')).spec.template;
}

/** The flags that the Deployment gives the operator. */
export function argsOf(objects: readonly Rendered[]): readonly string[] {
  return podTemplateOf(objects).spec.containers[0].args;
}
