import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { filesUnder, hashOf, isMarked, mark } from './marker.mjs';
import { root } from './paths.mjs';
import { isExecutable, run } from './run.mjs';

const timeoutMs = 5 * 60_000;
/** As tsconfig.build.json includes them. */
const compiled = ['src', 'bench'];
const at = (...parts) => join(root, ...parts);

/** Compiles, bundles the workflows and builds the page into dist/, each only when its sources have changed. */
export async function buildEverything({ announce }) {
  const built = [
    await buildPart('sources', [...compiled, 'tsconfig.json', 'tsconfig.build.json'], announce, compile),
    // Read relative to the code that uses them, the same from src/ and from dist/src/.
    await buildPart('assets', ['templates', 'examples'], announce, copyBesideSources),
    await buildPart('workflows', ['src/workflows', 'src/domain', 'scripts/bundle-workflows.mjs'], announce, bundle),
    await buildPart('page', ['web'], announce, buildPage),
  ].filter(Boolean);
  return built.length > 0 ? `built ${built.join(', ')}` : 'up to date';
}

async function buildPart(name, sources, announce, build) {
  if (!existsSync(at(sources[0]))) return undefined;
  const marker = at('dist', `.${name}`);
  const hash = hashOf([...sources.map((source) => at(source)), at('package-lock.json')]);
  if (isMarked(marker, hash)) return undefined;
  announce(`building ${name}`);
  await build();
  mark(marker, hash);
  return name;
}

async function compile() {
  removeStale();
  await run([node(), at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { cwd: root, timeoutMs });
  for (const file of filesUnder(at('src')).filter((path) => extname(path) !== '.ts')) {
    const copy = at('dist', relative(root, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

/** The compiler leaves the output of deleted sources, which would still be found at run time. */
function removeStale() {
  for (const output of compiled.flatMap((folder) => filesUnder(at('dist', folder)))) {
    const source = at(relative(at('dist'), output));
    const typescript = source.replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source) && !existsSync(typescript)) rmSync(output);
  }
}

function copyBesideSources() {
  for (const folder of ['templates', 'examples'].filter((name) => existsSync(at(name)))) {
    rmSync(at('dist', folder), { recursive: true, force: true });
    cpSync(at(folder), at('dist', folder), { recursive: true });
  }
}

async function bundle() {
  await run([node(), at('scripts/bundle-workflows.mjs')], { cwd: root, timeoutMs });
}

async function buildPage() {
  const vite = at('node_modules/vite/bin/vite.js');
  await run([node(), vite, 'build', '--outDir', at('dist/web'), '--emptyOutDir'], { cwd: at('web'), timeoutMs });
}

function node() {
  const installed = at('node_modules/.bin/node');
  return isExecutable(installed) ? installed : process.execPath;
}
