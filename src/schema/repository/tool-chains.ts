import { jsonOf, tableAt, textOf, tomlOf, type RepositoryFiles } from './repository-files.js';

/** A tool in the version that a repository asks for. */
export interface AskedTool {
  readonly tool: string;
  /** As the file says it: a version, a range or a channel. */
  readonly version: string;
  readonly file: string;
}

const MAX_VERSION = 100;

/** Names of `.tool-versions` and mise in the words of the tools themselves. */
const ALIASES: Readonly<Record<string, string>> = { nodejs: 'node', golang: 'go' };
const canonical = (tool: string): string => ALIASES[tool] ?? tool;

/** Every tool version that a repository asks for, with the file that says so. */
export function askedTools(files: RepositoryFiles): AskedTool[] {
  const lineOf = (file: string, tool: string, strip = /^v(?=\d)/): AskedTool[] => {
    const line = textOf(files, file)
      .split('\n')
      .map((text) => text.replace(/#.*/, '').trim())
      .find((text) => text !== '');
    return line === undefined ? [] : [{ tool, version: line.replace(strip, ''), file }];
  };
  const asked = [
    ...lineOf('.nvmrc', 'node'),
    ...lineOf('.node-version', 'node'),
    ...lineOf('.python-version', 'python'),
    ...lineOf('.java-version', 'java'),
    ...toolVersions(files),
    ...mise(files),
    ...ofPackageJson(files),
    ...ofGo(files),
    ...ofRust(files),
    ...ofPython(files),
  ];
  return asked.map((tool) => ({ ...tool, version: tool.version.slice(0, MAX_VERSION) }));
}

const toolVersions = (files: RepositoryFiles): AskedTool[] =>
  textOf(files, '.tool-versions')
    .split('\n')
    .flatMap((line) => {
      const [tool, version] = line.replace(/#.*/, '').trim().split(/\s+/);
      return tool && version ? [{ tool: canonical(tool), version, file: '.tool-versions' }] : [];
    });

const mise = (files: RepositoryFiles): AskedTool[] =>
  Object.entries(tableAt(tomlOf(files, 'mise.toml') ?? {}, 'tools')).flatMap(([tool, version]) =>
    typeof version === 'string' ? [{ tool: canonical(tool), version, file: 'mise.toml' }] : [],
  );

function ofPackageJson(files: RepositoryFiles): AskedTool[] {
  const manifest = jsonOf(files, 'package.json') ?? {};
  const { packageManager } = manifest;
  const asked = typeof packageManager === 'string' ? packageManager : '';
  const [, tool, version] = /^(npm|pnpm|yarn|bun)@([^+]+)/.exec(asked) ?? [];
  const engines = Object.entries(tableAt(manifest, 'engines')).filter(([name]) =>
    ['node', 'npm', 'pnpm', 'yarn', 'bun'].includes(name),
  );
  return [
    ...(tool && version ? [{ tool, version, file: 'package.json (packageManager)' }] : []),
    ...engines.flatMap(([name, range]) =>
      typeof range === 'string' ? [{ tool: name, version: range, file: 'package.json (engines)' }] : [],
    ),
  ];
}

function ofGo(files: RepositoryFiles): AskedTool[] {
  const text = textOf(files, 'go.mod');
  const toolchain = /^toolchain\s+go(\S+)/m.exec(text)?.[1];
  const version = /^go\s+(\S+)/m.exec(text)?.[1];
  return [
    ...(toolchain ? [{ tool: 'go', version: toolchain, file: 'go.mod (toolchain)' }] : []),
    ...(version ? [{ tool: 'go', version: `>=${version}`, file: 'go.mod' }] : []),
  ];
}

function ofRust(files: RepositoryFiles): AskedTool[] {
  const channel = (file: string): unknown => tableAt(tomlOf(files, file) ?? {}, 'toolchain')['channel'];
  const old = textOf(files, 'rust-toolchain').trim();
  const asked = [
    ['rust-toolchain.toml', channel('rust-toolchain.toml')],
    ['rust-toolchain', channel('rust-toolchain') ?? (/^[\w.-]+$/.test(old) ? old : undefined)],
    ['Cargo.toml (rust-version)', rustVersion(files)],
  ] as const;
  return asked.flatMap(([file, version]) => (typeof version === 'string' ? [{ tool: 'rust', version, file }] : []));
}

function rustVersion(files: RepositoryFiles): string | undefined {
  const version = tableAt(tomlOf(files, 'Cargo.toml') ?? {}, 'package')['rust-version'];
  return typeof version === 'string' ? `>=${version}` : undefined;
}

function ofPython(files: RepositoryFiles): AskedTool[] {
  const pyproject = tomlOf(files, 'pyproject.toml') ?? {};
  const asked = tableAt(pyproject, 'project')['requires-python'];
  return typeof asked === 'string' ? [{ tool: 'python', version: asked, file: 'pyproject.toml' }] : [];
}
