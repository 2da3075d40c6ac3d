import { parseCobertura } from '../../../src/gates/reports/cobertura.js';

describe('a Cobertura report', () => {
  it('counts a line once, of whatever method and however often it is reported', async () => {
    const report = `<?xml version="1.0" ?>
      <!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
      <coverage line-rate="0.9"><sources><source>/workspace</source></sources><packages><package name="p"><classes>
        <class name="a" filename="src/a.py"><methods><method name="f"><lines><line number="1" hits="0"/></lines></method></methods>
          <lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class>
        <class name="a$inner" filename="src/a.py"><lines><line number="2" hits="0"/><line number="3" hits="1"/></lines></class>
        <class name="b" filename="src/b.py"><lines><line number="1" hits="0"/></lines></class>
      </classes></package></packages></coverage>`;
    expect(await parseCobertura(report)).toEqual({ covered: 2, total: 4 });
  });

  it('of another kind has no lines', async () => {
    expect(await parseCobertura('<report><line number="1" hits="1"/></report>')).toEqual({ covered: 0, total: 0 });
  });
});
