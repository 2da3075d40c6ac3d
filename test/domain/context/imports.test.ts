import { importedFiles, importMark } from '../../../src/domain/context/imports.js';

const imported = (path: string, content: string, ...paths: readonly string[]) =>
  importedFiles(path, content, new Set([path, ...paths]));

describe('the files that a source file imports', () => {
  it('are found for JavaScript and TypeScript', () => {
    const content = `import { a } from './a.js';\nimport x from 'react';\nexport * from "../lib";\nconst b = require('./b');\nimport './self.js';`;
    expect(imported('src/self.ts', content, 'src/a.ts', 'lib/index.ts', 'src/b.cjs', 'src/c.ts', 'react.ts')).toEqual([
      'src/a.ts',
      'lib/index.ts',
      'src/b.cjs',
    ]);
  });

  it('are found for Python, relative and absolute', () => {
    const content = `from . import util\nfrom .models import User\nfrom ..core.db import connect\nimport app.main\nimport os`;
    expect(
      imported(
        'src/app/api/views.py',
        content,
        ...['src/app/api/__init__.py', 'src/app/api/models.py', 'src/app/core/db.py', 'src/app/main.py'],
      ),
    ).toEqual(['src/app/api/__init__.py', 'src/app/api/models.py', 'src/app/core/db.py', 'src/app/main.py']);
  });

  it('are found for Go by the folder', () => {
    const content = `import "fmt"\nimport (\n\tlog "example.com/app/internal/log"\n\t"example.com/app/store"\n)`;
    const others = ['internal/log/log.go', 'internal/log/log_test.go', 'store/store.go', 'main.go'];
    expect(imported('cmd/app.go', content, ...others)).toEqual(['internal/log/log.go', 'store/store.go']);
  });

  it('are found for Rust by mod and use', () => {
    expect(imported('src/lib.rs', 'pub mod parser;\nmod ast;', 'src/parser.rs', 'src/ast/mod.rs')).toEqual([
      'src/parser.rs',
      'src/ast/mod.rs',
    ]);
    expect(imported('src/parser.rs', 'mod token;', 'src/parser/token.rs')).toEqual(['src/parser/token.rs']);
    expect(
      imported('crates/one/src/a.rs', 'use crate::b::{C, D};\npub(crate) mod x;', 'crates/one/src/b.rs', 'src/b.rs'),
    ).toEqual(['crates/one/src/b.rs']);
  });

  it('are found for Java and Kotlin', () => {
    const content = 'import java.util.List;\nimport org.demo.Cart;\nimport static org.demo.Money;';
    const others = ['src/main/java/org/demo/Cart.java', 'org/demo/Money.kt', 'src/main/java/org/demo/Cart.txt'];
    expect(imported('src/main/java/org/demo/Shop.java', content, ...others)).toEqual(others.slice(0, 2));
  });

  it('are none for other files', () => {
    expect(imported('README.md', `from './a.js'`, 'a.js')).toEqual([]);
  });
});

it.each([
  ['src/cart.ts', 'cart'],
  ['src/cart/index.ts', 'cart'],
  ['store/store.go', 'store'],
  ['app/__init__.py', 'app'],
  ['index.js', 'index'],
])('an import of %s has %s in its line', (path, mark) => {
  expect(importMark(path)).toBe(mark);
});
