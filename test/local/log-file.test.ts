import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '../../src/local/log-file.js';
import { scratchDataDirectory } from './scratch.js';

describe('LogFile', () => {
  it('moves aside when it has grown, and drops the one before', async () => {
    const { logs } = await scratchDataDirectory();
    const path = join(logs, 'api.log');
    const log = new LogFile(path, { maxBytes: 10 });
    for (const line of ['the first line', 'the second line', 'third']) log.append(line);
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('third\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('the second line\n');
  });

  it('goes on in the same file where it cannot be moved', async () => {
    const { logs } = await scratchDataDirectory();
    const path = join(logs, 'api.log');
    const inTheWay = `${path}.1`;
    mkdirSync(inTheWay);
    writeFileSync(join(inTheWay, 'file'), '');
    const log = new LogFile(path, { maxBytes: 10 });
    for (const line of ['the first line', 'the second line']) log.append(line);
    log.close();
    expect(readFileSync(path, 'utf8')).toBe('the first line\nthe second line\n');
  });
});
