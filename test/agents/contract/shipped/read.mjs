import { text } from 'node:stream/consumers';

/** What the program is asked, as JSON on its standard input. */
export const input = JSON.parse(await text(process.stdin));
