import {
  appendArtifact,
  closeArtifact,
  MAX_CHUNK_BYTES,
  openArtifact,
  readArtifact,
  replaceArtifact,
  type ArtifactKey,
} from '../../src/artifacts/artifacts.js';
import { withOrganisation, type Tx } from '../../src/db/connection.js';
import { createRecord, type TestRecord } from '../api/record.js';

let record: TestRecord;
let key: ArtifactKey & { mediaType: string };
const inTx = <T>(work: (tx: Tx) => Promise<T>) => withOrganisation(record.db, record.organisationId, work);

beforeAll(async () => {
  record = await createRecord();
  const { id } = await record.createRun();
  key = {
    organisationId: record.organisationId,
    runId: id,
    step: 'implement',
    item: null,
    attempt: 1,
    kind: 'log',
    name: 'agent',
    mediaType: 'text/plain',
  };
});
afterAll(() => record.close());

const open = (name: string) => inTx((tx) => openArtifact(tx, { ...key, name }));

describe('an artifact', () => {
  it('is the same when it is opened again', async () => {
    const [first, second] = [await open('once'), await open('once')];
    expect(second).toEqual({ id: first.id, bytes: 0 });
  });

  it('is made once by many at a time', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => open('raced')));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
  });

  it('gives back what was appended, in chunks of at most 256 KiB', async () => {
    const { id } = await open('large');
    const body = Buffer.alloc(MAX_CHUNK_BYTES * 2 + 17, 'abcdefghijk');
    await inTx((tx) => appendArtifact(tx, id, body.subarray(0, 1000)));
    await inTx((tx) => appendArtifact(tx, id, body.subarray(1000)));

    const all = await inTx((tx) => readArtifact(tx, id, { start: 0, maxBytes: body.length + 1 }));
    expect(all.equals(body)).toBe(true);
    const sizes = await inTx((tx) =>
      tx.selectFrom('artifact_chunks').select('body').where('artifact_id', '=', id).execute(),
    );
    expect(Math.max(...sizes.map((chunk) => chunk.body.length))).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
  });

  it('is replaced as a whole, also where it was closed', async () => {
    const { id } = await open('replaced');
    for (const body of ['the first, longer body', 'second']) {
      await inTx((tx) => replaceArtifact(tx, id, Buffer.from(body)));
      expect((await inTx((tx) => readArtifact(tx, id, { start: 0, maxBytes: 100 }))).toString()).toBe(body);
      expect(await open('replaced')).toEqual({ id, bytes: body.length });
    }
  });

  it('gives back any range, also across chunks', async () => {
    const { id } = await open('ranges');
    const body = Buffer.from('0123456789'.repeat(5));
    for (let at = 0; at < body.length; at += 7) await inTx((tx) => appendArtifact(tx, id, body.subarray(at, at + 7)));
    for (const [start, maxBytes] of [
      [0, 50],
      [0, 1],
      [6, 2],
      [7, 7],
      [13, 20],
      [49, 10],
      [50, 10],
      [500, 10],
    ] as const) {
      const part = await inTx((tx) => readArtifact(tx, id, { start, maxBytes }));
      expect(part.toString()).toBe(body.subarray(start, start + maxBytes).toString());
    }
  });

  it('keeps bytes, not text', async () => {
    const { id } = await open('binary');
    const body = Buffer.from([0, 255, 10, 13, 0, 195, 40]);
    await inTx((tx) => appendArtifact(tx, id, body));
    expect(await inTx((tx) => readArtifact(tx, id, { start: 0, maxBytes: 100 }))).toEqual(body);
  });

  it('adds nothing twice when an append is repeated', async () => {
    const { id } = await open('repeated');
    expect(await inTx((tx) => appendArtifact(tx, id, Buffer.from('hello '), { atByte: 0 }))).toBe(6);
    expect(await inTx((tx) => appendArtifact(tx, id, Buffer.from('hello '), { atByte: 0 }))).toBe(6);
    expect(await inTx((tx) => appendArtifact(tx, id, Buffer.from('lo world'), { atByte: 3 }))).toBe(11);
    expect((await inTx((tx) => readArtifact(tx, id, { start: 0, maxBytes: 100 }))).toString()).toBe('hello world');
  });

  it('refuses to leave a gap', async () => {
    const { id } = await open('gap');
    await expect(inTx((tx) => appendArtifact(tx, id, Buffer.from('x'), { atByte: 5 }))).rejects.toMatchObject({
      code: 'artifact-gap',
    });
  });

  it('takes nothing more when it is closed, but forgives a repeated append', async () => {
    const { id } = await open('closed');
    await inTx((tx) => appendArtifact(tx, id, Buffer.from('done')));
    await inTx((tx) => closeArtifact(tx, id));
    await expect(inTx((tx) => appendArtifact(tx, id, Buffer.from('more')))).rejects.toMatchObject({
      code: 'artifact-closed',
    });
    expect(await inTx((tx) => appendArtifact(tx, id, Buffer.from('done'), { atByte: 0 }))).toBe(4);
  });

  it('keeps the order of writers at the same time', async () => {
    const { id } = await open('crowd');
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => inTx((tx) => appendArtifact(tx, id, Buffer.from(`<${n}>`)))),
    );
    const text = (await inTx((tx) => readArtifact(tx, id, { start: 0, maxBytes: 1000 }))).toString();
    expect(text.match(/<\d+>/g)?.sort()).toEqual(Array.from({ length: 20 }, (_, n) => `<${n}>`).sort());
  });

  it('is not there for another organisation', async () => {
    const { id } = await open('private');
    await inTx((tx) => appendArtifact(tx, id, Buffer.from('secret')));
    const other = await record.createOrganisation('other');
    const seen = await withOrganisation(record.db, other, (tx) => readArtifact(tx, id, { start: 0, maxBytes: 100 }));
    expect(seen.length).toBe(0);
  });
});
