/**
 * Bundles the operator into one file, with the licences and a bill (CycloneDX) of what is bundled beside it, into the
 * folder that the first argument names: `dist` unless stated. Equal sources give equal bytes, wherever they lie.
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
const packages = await packagesIn(Object.keys(metafile.inputs));
await writeFile(join(FOLDER, 'licences.txt'), await licencesOf(packages));
await writeFile(join(FOLDER, 'ecs-operator.cdx.json'), `${JSON.stringify(billOf(packages), undefined, 2)}\n`);
const { size: bytes } = await stat(OUT);
console.log(`${OUT}: ${(bytes / 1e6).toFixed(1)} MB`);

interface Bundled extends z.infer<typeof Package> {
  readonly folder: string;
}

async function packagesIn(inputs: readonly string[]): Promise<readonly Bundled[]> {
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  return await Promise.all(
    [...folders].toSorted().map(async (folder) => {
      return { folder, ...Package.parse(JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))) };
    }),
  );
}

/** Scanners of images find no packages in one file. No time and no serial number, which would be others each time. */
function billOf(bundled: readonly Bundled[]): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: self.name, version: self.version } },
    components: bundled.map(({ name, version, license }) => {
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      return {
        type: 'library',
        name,
        version,
        purl,
        ...(license !== undefined && { licenses: [{ expression: license }] }),
      };
    }),
  };
}

async function licencesOf(bundled: readonly Bundled[]): Promise<string> {
  const sections = await Promise.all(bundled.map(licenceOf));
  return sections.join(`\n${'-'.repeat(80)}\n\n`);
}

/** The package's name and licence, and the texts that the licence asks to be passed on. */
async function licenceOf({ folder, name, version, license }: Bundled): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|notice)/i.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  return `${[`${name} ${version}: ${license ?? 'see below'}`, ...texts.map((text) => text.trim())].join('\n\n')}\n`;
}
