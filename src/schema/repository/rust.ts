import type { Part } from './part.js';
import { has, tableAt, tomlOf, type RepositoryFiles } from './repository-files.js';

/** Cargo packages and workspaces. */
export function detectRust(files: RepositoryFiles): Part | null {
  if (!has(files, 'Cargo.toml')) return null;
  const manifest = tomlOf(files, 'Cargo.toml') ?? {};
  const isWorkspace = 'workspace' in manifest;
  const scope = isWorkspace ? ' --workspace' : '';
  const isLocked = has(files, 'Cargo.lock');
  const hasDependencies =
    isLocked ||
    isWorkspace ||
    ['dependencies', 'dev-dependencies', 'build-dependencies'].some(
      (kind) => Object.keys(tableAt(manifest, kind)).length > 0,
    );
  const locked = isLocked ? ' --locked' : '';
  const offline = `${scope}${locked} --offline`;
  return {
    packageManager: 'cargo',
    because: isLocked ? 'Cargo.lock' : 'Cargo.toml',
    ...(hasDependencies && {
      setup: {
        command: `cargo test${scope}${locked} --no-run`,
        network: true,
        lockFiles: isLocked ? ['Cargo.lock'] : ['Cargo.toml'],
        // Without a lock file in the repository, cargo makes one, and the tests need it without network.
        cache: isLocked ? ['target'] : ['target', 'Cargo.lock'],
        timeout: '30m',
        why: 'dependencies are fetched and built once',
      },
    }),
    test: {
      command: `cargo test${offline}`,
      timeout: '30m',
      why: 'cargo writes no report without a new tool: its exit code alone decides',
    },
    lint: {
      command: `cargo clippy${offline} --all-targets -- -D warnings`,
      why: 'clippy comes with most Rust tool chains',
    },
    doubts:
      isLocked || !hasDependencies
        ? []
        : ['there is no Cargo.lock: the versions of dependencies can change between runs'],
  };
}
