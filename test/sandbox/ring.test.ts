import fc from 'fast-check';
import { Output } from '../../src/sandbox/output.js';
import { Ring } from '../../src/sandbox/ring.js';
import { WholeCharacters } from '../../src/sandbox/whole-characters.js';

describe('Ring', () => {
  it('holds the end of whatever is written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), (chunks) => {
        const ring = new Ring(8);
        for (const chunk of chunks) ring.write(Buffer.from(chunk));
        expect(ring.read()).toEqual(Buffer.concat(chunks).subarray(-8));
      }),
    );
  });
});

describe('WholeCharacters', () => {
  it('gives every byte on, and cuts no character', () => {
    const cuts = fc.array(fc.nat({ max: 5 }), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), cuts, (text, lengths) => {
        const characters = new WholeCharacters();
        let rest = Buffer.from(text);
        const pieces: Buffer[] = [];
        for (const length of lengths) {
          pieces.push(characters.push(rest.subarray(0, length)));
          rest = rest.subarray(length);
        }
        pieces.push(characters.push(rest), characters.end());
        expect(pieces.map((piece) => piece.toString('utf8')).join('')).toBe(text);
      }),
    );
  });

  it('lets through what is no text, byte by byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const characters = new WholeCharacters();
        const pieces = [...bytes].map((byte) => characters.push(Buffer.from([byte])));
        expect(Buffer.concat([...pieces, characters.end()])).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

describe('the end of an output that is longer than its ring', () => {
  it('begins with a whole character', () => {
    const output = new Output(0);
    for (let round = 0; round < 3; round += 1) output.add('stdout', Buffer.from('é'.repeat(20_001)));
    output.add('stderr', Buffer.from('x'));
    expect(output.tail(40_000)).toBe(`${'é'.repeat(32_767)}x`);
  });
});
