/** A change in the language of a repository: a function that doubles a number. */
export interface Craft {
  /** Uses what is not there yet, so that the tests of the repository fail. */
  readonly begun: Edit;
  /** What was missing. */
  readonly missing: Edit;
  readonly test: Edit;
}

export interface Edit {
  readonly path: string;
  readonly text: string;
  /** Added at the end of the file, instead of in its place. */
  readonly appended?: boolean;
}

/** Content of the files that were read, by path. */
type Contents = ReadonlyMap<string, string>;

interface Language {
  readonly matches: (files: readonly string[]) => boolean;
  /** The files that have to be read before anything is written. */
  readonly reads: (files: readonly string[]) => readonly string[];
  readonly craft: (files: readonly string[], contents: Contents) => Craft;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const depth = (path: string): number => path.split('/').length;
const nearest = (files: readonly string[]): readonly string[] =>
  [...files].sort((one, other) => depth(one) - depth(other) || one.length - other.length);

/** The first of the files, which are the repository's own; says what was looked for where there is none. */
function first(files: readonly string[], what: string): string {
  const [found] = nearest(files);
  if (found === undefined) throw new Error(`the engineer finds no ${what}`);
  return found;
}

const rust: Language = {
  matches: (files) => files.includes('Cargo.toml'),
  reads: (files) => crateOf(files),
  craft(files, contents) {
    const [manifest, library] = crateOf(files) as [string, string];
    const name = /^name\s*=\s*"([^"]+)"/m.exec(contents.get(manifest) ?? '')![1]!.replaceAll('-', '_');
    const root = folderOf(manifest);
    return {
      begun: { path: library, text: '\nmod double;\npub use double::double;\n', appended: true },
      missing: {
        path: `${folderOf(library)}double.rs`,
        text: '/// Returns twice the number.\n#[must_use]\npub fn double(number: u32) -> u32 {\n    number * 2\n}\n',
      },
      test: {
        path: `${root}tests/double.rs`,
        text: `use ${name}::double;\n\n#[test]\nfn doubles() {\n    assert_eq!(double(21), 42);\n}\n`,
      },
    };
  },
};

function crateOf(files: readonly string[]): readonly string[] {
  const library = first(
    files.filter((file) => /(^|\/)src\/lib\.rs$/.test(file)),
    'library crate',
  );
  return [`${library.slice(0, -'src/lib.rs'.length)}Cargo.toml`, library];
}

const go: Language = {
  matches: (files) => files.includes('go.mod'),
  reads: (files) => goFiles(files),
  craft(files, contents) {
    const [source, test] = goFiles(files) as [string, string];
    const packageOf = (path: string): string => /^package (\w+)/m.exec(contents.get(path) ?? '')![1]!;
    const folder = folderOf(source);
    const own = packageOf(source);
    const double = '// Double returns twice the number.\nfunc Double(number int) int {\n\treturn twice(number)\n}\n';
    return {
      begun: { path: `${folder}double.go`, text: `package ${own}\n\n${double}` },
      missing: {
        path: `${folder}twice.go`,
        text: `package ${own}\n\nfunc twice(number int) int {\n\treturn number * 2\n}\n`,
      },
      test: {
        path: `${folderOf(test)}double_test.go`,
        text: `package ${own}\n\nimport "testing"\n\nfunc TestDouble(t *testing.T) {\n\tif got := Double(21); got != 42 {\n\t\tt.Fatalf("Double(21) = %d", got)\n\t}\n}\n`,
      },
    };
  },
};

function goFiles(files: readonly string[]): readonly string[] {
  const test = first(
    files.filter((file) => file.endsWith('_test.go')),
    'Go test',
  );
  const source = first(
    files.filter((file) => file.endsWith('.go') && !file.endsWith('_test.go') && folderOf(file) === folderOf(test)),
    'Go source beside a test',
  );
  return [source, test];
}

const java: Language = {
  matches: (files) => files.includes('pom.xml') || files.some((file) => /^build\.gradle(\.kts)?$/.test(file)),
  reads: (files) => javaFiles(files),
  craft(files, contents) {
    const [source, test] = javaFiles(files) as [string, string];
    const head = (path: string): string => {
      const text = contents.get(path) ?? '';
      return text.slice(0, text.indexOf(';', text.search(/^package /m)) + 1);
    };
    const isJupiter = (contents.get(test) ?? '').includes('org.junit.jupiter');
    const [annotation, assertion] = isJupiter
      ? ['org.junit.jupiter.api.Test', 'org.junit.jupiter.api.Assertions']
      : ['org.junit.Test', 'org.junit.Assert'];
    const of = (name: string, body: string): string =>
      `/** Twice a number. */\npublic final class ${name} {\n\n    private ${name}() {\n    }\n\n    /**\n     * Returns twice the number.\n     *\n     * @param number any number\n     * @return twice the number\n     */\n    public static int of(final int number) {\n        return ${body};\n    }\n}\n`;
    return {
      begun: {
        path: `${folderOf(source)}Doubled.java`,
        text: `${head(source)}\n\n${of('Doubled', 'Twice.of(number)')}`,
      },
      missing: { path: `${folderOf(source)}Twice.java`, text: `${head(source)}\n\n${of('Twice', 'number * 2')}` },
      test: {
        path: `${folderOf(test)}DoubledTest.java`,
        text: `${head(test)}\n\nimport static ${assertion}.assertEquals;\n\nimport ${annotation};\n\npublic class DoubledTest {\n\n    @Test\n    public void doubles() {\n        assertEquals(42, Doubled.of(21));\n    }\n}\n`,
      },
    };
  },
};

function javaFiles(files: readonly string[]): readonly string[] {
  const test = first(
    files.filter((file) => /(^|\/)src\/test\/java\/.*Test\.java$/.test(file)),
    'Java test',
  );
  const folder = folderOf(test).replace('src/test/java', 'src/main/java');
  const source = first(
    files.filter(
      (file) => folderOf(file) === folder && file.endsWith('.java') && !/package-info|module-info/.test(file),
    ),
    'Java source beside a test',
  );
  return [source, test];
}

const python: Language = {
  matches: (files) => files.includes('pyproject.toml') || files.includes('setup.py'),
  reads: (files) => pythonFiles(files),
  craft(files) {
    const [entry, test] = pythonFiles(files) as [string, string];
    const folder = folderOf(entry);
    const name = folder
      .replace(/^src\//, '')
      .slice(0, -1)
      .replaceAll('/', '.');
    return {
      begun: { path: entry, text: '\nfrom .double import double as double  # noqa: E402\n', appended: true },
      missing: {
        path: `${folder}double.py`,
        text: '"""Twice a number."""\n\n\ndef double(number: int) -> int:\n    """Return twice the number."""\n    return number * 2\n',
      },
      test: {
        path: `${folderOf(test)}test_double.py`,
        text: `from ${name}.double import double\n\n\ndef test_double() -> None:\n    assert double(21) == 42\n`,
      },
    };
  },
};

function pythonFiles(files: readonly string[]): readonly string[] {
  const isTest = (file: string): boolean => /(^|\/)(tests?|testing)\//.test(file);
  const entry = first(
    files.filter((file) => /^(src\/)?\w+\/__init__\.py$/.test(file) && !isTest(file) && !file.startsWith('docs/')),
    'Python package',
  );
  const test = first(
    files.filter((file) => isTest(file) && /(^|\/)test_\w+\.py$|_test\.py$/.test(file)),
    'Python test',
  );
  return [entry, test];
}

const javascript: Language = {
  matches: (files) => files.includes('package.json'),
  reads: (files) => javascriptFiles(files),
  craft(files, contents) {
    const [manifest, entry, test] = javascriptFiles(files) as [string, string, string];
    const source = contents.get(entry) ?? '';
    const tested = contents.get(test) ?? '';
    const extension = /\.[cm]?[jt]s$/.exec(entry)![0];
    const isCommonJs =
      /\bmodule\.exports\b/.test(source) ||
      (/\.c?js$/.test(entry) && !/"type":\s*"module"/.test(contents.get(manifest) ?? ''));
    const isTyped = extension.endsWith('ts');
    const type = isTyped ? ': number' : '';
    const end = /;\s*$/m.test(source) ? ';' : '';
    const specifier = specifierOf(source, extension);
    const own = `${folderOf(entry)}double${extension}`;
    return {
      begun: {
        path: entry,
        text: isCommonJs
          ? `\nmodule.exports.double = require('./double')${end}\n`
          : `\nexport { double } from './double${specifier}'${end}\n`,
        appended: true,
      },
      missing: {
        path: own,
        text: `${isCommonJs ? 'module.exports = ' : 'export '}function double(number${type})${type} {\n\treturn number * 2${end}\n}\n`,
      },
      test: {
        path: testPath(test),
        text: testText(
          tested,
          relative(folderOf(test), own.replace(/\.[cm]?[jt]s$/, specifierOf(tested, extension))),
          isCommonJs,
          end,
        ),
      },
    };
  },
};

/** How the imports of a file name others: with an extension, and with which. */
function specifierOf(text: string, extension: string): string {
  const [, used = null] = /(?:from|import) ['"]\.[^'"]*?(\.[cm]?[jt]s)?['"]/.exec(text) ?? [];
  if (used !== null) return used;
  const namesOthers = /(?:from|import) ['"]\./.test(text);
  return extension.endsWith('ts') || namesOthers ? '' : extension;
}

const testPath = (test: string): string => {
  const name = nameOf(test);
  const [, suffix = null] = /((?:\.(?:test|spec))\.[cm]?[jt]sx?)$/.exec(name) ?? [];
  if (suffix !== null) return `${folderOf(test)}double${suffix}`;
  const [, extension] = /(\.[cm]?[jt]sx?)$/.exec(name)!;
  return `${folderOf(test)}${/^tests?\./.test(name) ? 'test-double' : 'double'}${extension!}`;
};

function testText(like: string, path: string, isCommonJs: boolean, end: string): string {
  const import_ = isCommonJs ? `const double = require('${path}')${end}` : `import { double } from '${path}'${end}`;
  const isTap = /['"](ava|tape|tap)['"]/.exec(like)?.[1];
  if (isTap !== undefined) {
    const framework = isCommonJs ? `const test = require('${isTap}')${end}` : `import test from '${isTap}'${end}`;
    const done = isTap === 'ava' ? '' : `\n\tt.end()${end}`;
    return `${framework}\n${import_}\n\ntest('doubles', t => {\n\tt.is(double(21), 42)${end}${done}\n})${end}\n`;
  }
  const isVitest = /['"]vitest['"]/.test(like);
  const expecting = `test('doubles', () => {\n\texpect(double(21)).toBe(42)${end}\n})${end}\n`;
  if (isVitest) return `import { expect, test } from 'vitest'${end}\n${import_}\n\n${expecting}`;
  const assert = isCommonJs ? `const assert = require('assert')${end}` : `import assert from 'node:assert'${end}`;
  const isNode = /['"]node:test['"]/.test(like);
  const runner = isNode
    ? isCommonJs
      ? `const { test } = require('node:test')${end}\n`
      : `import { test } from 'node:test'${end}\n`
    : '';
  return `${runner}${assert}\n${import_}\n\n${isNode ? 'test' : 'it'}('doubles', () => {\n\tassert.strictEqual(double(21), 42)${end}\n})${end}\n`;
}

function relative(from: string, to: string): string {
  const [start, target] = [from.split('/').slice(0, -1), to.split('/')];
  const common = start.findIndex((part, index) => part !== target[index]);
  const shared = common === -1 ? start.length : common;
  const up = start.slice(shared).map(() => '..');
  return [...(up.length === 0 ? ['.'] : up), ...target.slice(shared)].join('/');
}

/** The package that is worked on: the root, or in a workspace the first package with an entry and a test. */
function javascriptFiles(files: readonly string[]): readonly string[] {
  const manifests = nearest(
    files.filter((file) => nameOf(file) === 'package.json' && !/fixtures?\/|examples?\//.test(file)),
  );
  for (const manifest of manifests) {
    const root = folderOf(manifest);
    const own = files.filter((file) => file.startsWith(root));
    const [entry] = nearest(
      own.filter((file) => /^(src\/|lib\/)?(index|main)\.[cm]?[jt]s$/.test(file.slice(root.length))),
    );
    const [test] = nearest(
      own.filter(
        (file) =>
          /(\.(test|spec)\.[cm]?[jt]s|(^|\/)(tests?|__tests__)\/[\w.-]+\.[cm]?[jt]s|^tests?\.[cm]?[jt]s)$/.test(
            file.slice(root.length),
          ) && !/fixture|mock|helper|util|setup|-d\.ts$/.test(file.slice(root.length)),
      ),
    );
    if (entry !== undefined && test !== undefined) return [manifest, entry, test];
  }
  throw new Error('the engineer finds no package with an entry and a test');
}

const LANGUAGES: readonly Language[] = [rust, go, java, python, javascript];

/** The language of a repository, by the names of its files. */
export function languageOf(files: readonly string[]): Language {
  const found = LANGUAGES.find(({ matches }) => matches(files));
  if (!found) throw new Error('the engineer knows none of the languages of this repository');
  return found;
}
