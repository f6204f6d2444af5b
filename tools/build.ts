/**
 * Bundles the operator into one file, with the licences of what is bundled beside it, into the folder that the first
 * argument names: `dist` unless stated. Equal sources give equal bytes, wherever they lie.
 */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { leanBundle } from './lean-bundle.ts';

const FOLDER = process.argv[2] ?? 'dist';
const OUT = join(FOLDER, 'ecs-operator.mjs');
const LEAST_NODE = 24;
/** Says what is needed, before an older Node stumbles over something it does not know. */
const VERSION_CHECK = `if (Number(process.versions.node.split('.')[0]) < ${LEAST_NODE}) { console.error('ecs-operator needs Node ${LEAST_NODE} or newer (this is ' + process.version + ')'); process.exit(2); }`;
const Package = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

const self = Package.parse(JSON.parse(await readFile('package.json', 'utf8')));
await mkdir(FOLDER, { recursive: true });
const { metafile } = await build({
  entryPoints: ['src/cmd/main.ts'],
  outfile: OUT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  metafile: true,
  // ES modules where a package has both: only of them can be left out what is not used.
  mainFields: ['module', 'main'],
  plugins: [leanBundle],
  // Not identifiers: stack traces of the field must name our functions. Not `keepNames` either, which is for names that code
  // reads: it takes 3 MB of memory, for a property on each of them.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  define: { "process.env['ECS_OPERATOR_VERSION']": JSON.stringify(self.version) },
  // Packages written for CommonJS expect these.
  banner: {
    js: `${VERSION_CHECK} import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
  },
});
await writeFile(join(FOLDER, 'licences.txt'), await licencesOf(Object.keys(metafile.inputs)));
const { size: bytes } = await stat(OUT);
console.log(`${OUT}: ${(bytes / 1e6).toFixed(1)} MB`);

async function licencesOf(inputs: readonly string[]): Promise<string> {
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const sections = await Promise.all([...folders].toSorted().map(licenceOf));
  return sections.join(`\n${'-'.repeat(80)}\n\n`);
}

/** The package's name and licence, and the texts that the licence asks to be passed on. */
async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = Package.parse(JSON.parse(await readFile(`${folder}/package.json`, 'utf8')));
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|notice)/i.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  return `${[`${name} ${version}: ${license ?? 'see below'}`, ...texts.map((text) => text.trim())].join('\n\n')}\n`;
}
