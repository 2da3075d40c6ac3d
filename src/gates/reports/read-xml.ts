import { setImmediate } from 'node:timers/promises';
import sax, { type Tag } from 'sax';
import { BatonError } from '../../domain/errors.js';

/** Deeper than any report is. */
const MAX_DEPTH = 100;
const CHUNK_CHARACTERS = 256 * 1024;

interface XmlHandlers {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close: (name: string) => void;
  /** A piece of text, also of CDATA. */
  readonly text: (text: string) => void;
}

/**
 * Reads XML that an agent may have written, piece by piece. Entities of its own are never expanded, nothing that it
 * refers to is fetched.
 *
 * @throws BatonError `report-invalid`.
 */
export async function readXml(xml: string, { open, close, text }: XmlHandlers): Promise<void> {
  const parser = sax.parser(true);
  let depth = 0;
  parser.onopentag = (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new BatonError('report-invalid', `is nested deeper than ${MAX_DEPTH} elements`);
    open(tag.name, (tag as Tag).attributes);
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    close(name);
  };
  parser.ontext = text;
  parser.oncdata = text;
  parser.onerror = (error) => {
    throw new BatonError('report-invalid', `is not well-formed XML: ${error.message.split('\n')[0]}`);
  };
  for (let start = 0; start < xml.length; start += CHUNK_CHARACTERS) {
    parser.write(xml.slice(start, start + CHUNK_CHARACTERS));
    // Heartbeats go on between the pieces.
    await setImmediate();
  }
  parser.close();
}
