import type { Part } from './part.js';
import { firstOf, has, textOf, type RepositoryFiles } from './repository-files.js';

/** Go modules and workspaces. */
export function detectGo(files: RepositoryFiles): Part | null {
  const marker = firstOf(files, ['go.work', 'go.mod']);
  if (marker === null) return null;
  const modules = marker === 'go.work' ? workspaceModules(textOf(files, 'go.work')) : ['.'];
  const packages = modules.map((folder) => (folder === '.' ? './...' : `./${folder}/...`)).join(' ');
  const sums = modules
    .map((folder) => (folder === '.' ? 'go.sum' : `${folder}/go.sum`))
    .filter((path) => has(files, path));
  const isVendored = files.paths.some((path) => path === 'vendor/modules.txt');
  const downloads = sums.length > 0 && !isVendored;
  // Compiles the packages with their tests and runs none.
  const compile = `go test -run '^$' ${packages}`;
  return {
    packageManager: 'go',
    because: marker,
    setup: {
      command: downloads ? `go mod download && ${compile}` : compile,
      network: downloads,
      lockFiles: sums.length > 0 ? sums : [marker],
      cache: [],
      why: `${downloads ? `${sums.join(', ')} names modules, which` : 'packages'} are kept in Go's own caches, with what is compiled of them: gates compile the change only`,
    },
    test: {
      command: `go test -count=1 -json ${packages}`,
      goJson: true,
      why: 'go reports on each test as JSON; results of earlier runs are not taken from its cache',
    },
    lint: { command: `go vet ${packages}`, why: 'go vet comes with Go' },
    coverage: {
      command: `go test -count=1 -coverprofile=coverage.out ${packages}`,
      report: 'coverage.out',
      why: 'go writes its own coverage profile, of which statements count in the place of lines',
    },
    doubts: firstOf(files, ['.golangci.yml', '.golangci.yaml', '.golangci.toml'])
      ? ['golangci-lint is configured; set lint.command to `golangci-lint run` where the worker has it']
      : [],
  };
}

/** The folders that `use` names. */
function workspaceModules(text: string): string[] {
  const block = /^use\s*\(([^)]*)\)/ms.exec(text)?.[1]?.split('\n') ?? [];
  const single = [...text.matchAll(/^use\s+([^\s(]+)\s*$/gm)].map(([, folder]) => folder!);
  const folders = [...block, ...single]
    .map((line) =>
      line
        .replace(/\/\/.*/, '')
        .trim()
        .replace(/^"|"$/g, '')
        .replace(/^\.\//, '')
        .replace(/\/$/, ''),
    )
    .filter((folder) => /^[\w./-]+$/.test(folder) && !folder.split('/').includes('..'));
  return folders.length === 0 ? ['.'] : [...new Set(folders)];
}
