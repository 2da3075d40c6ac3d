import { StringDecoder } from 'node:string_decoder';
import { readGoEvent, type GoEvent } from './go-test.js';

const MAX_LINE_CHARACTERS = 64 * 1024;
const MAX_KEPT_CHARACTERS = 8_000;
const MAX_OPEN_TESTS = 10_000;
const MAX_STILL_RUNNING = 10;

/** What `go test` prints about a test beside the test's own output: the results say the same. */
const FRAME = /^\s*(?:=== |--- (?:PASS|FAIL|SKIP): |PASS$|FAIL$|FAIL\t|ok {2}\t|\? {3}\t)/;
const RESULTS: Readonly<Record<string, string>> = { pass: 'PASS', fail: 'FAIL', skip: 'SKIP' };

/**
 * Makes the output of `go test -json` readable as it comes: one line for each test and package with its result, and what
 * a failed test printed. Lines of anything else stay as they are.
 */
export class GoTestLog {
  readonly #decoder = new StringDecoder('utf8');
  /** What each open test has printed, by package and test. */
  readonly #open = new Map<string, string>();
  #rest = '';

  push(chunk: Buffer): string {
    const lines = `${this.#rest}${this.#decoder.write(chunk)}`.split('\n');
    this.#rest = lines.pop()!;
    // A line without end is no event.
    if (this.#rest.length > MAX_LINE_CHARACTERS) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines.map((line) => this.#read(line)).join('');
  }

  /** What is left at the end: the last line, and of a command that was ended the tests that were still running. */
  end(): string {
    const last = `${this.#rest}${this.#decoder.end()}`;
    this.#rest = '';
    const shown = last === '' ? '' : this.#read(last);
    const running = [...this.#open].filter(([key]) => !key.endsWith(' '));
    const lines = running
      .slice(0, MAX_STILL_RUNNING)
      .map(([key, output]) => `still running: ${key.replace(' ', ' > ')}\n${indented(output)}`);
    const more = running.length - MAX_STILL_RUNNING;
    return `${shown}${lines.join('')}${more > 0 ? `still running: ${more} more tests\n` : ''}`;
  }

  #read(line: string): string {
    const event = readGoEvent(line);
    if (!event) return `${line}\n`;
    const key = `${event.package} ${event.test}`;
    const result = RESULTS[event.action];
    if (result === undefined) return this.#keep(event, key);
    const output = this.#open.get(key) ?? '';
    this.#open.delete(key);
    const name = event.test === '' ? event.package : `${event.package} > ${event.test}`;
    const took = event.seconds === null ? '' : ` (${event.seconds.toFixed(2)} s)`;
    return `${result} ${name}${took}\n${event.action === 'fail' ? indented(output) : ''}`;
  }

  #keep({ action, test, output }: GoEvent, key: string): string {
    if (action === 'build-output') return output;
    if (action === 'run' && this.#open.size < MAX_OPEN_TESTS) this.#open.set(key, '');
    if (action !== 'output' || FRAME.test(output)) return '';
    // A package's own output belongs to no test, and is shown as it comes.
    if (test === '' || !this.#open.has(key)) return output;
    this.#open.set(key, `${this.#open.get(key)!}${output}`.slice(-MAX_KEPT_CHARACTERS));
    return '';
  }
}

const indented = (output: string): string =>
  output.trim() === ''
    ? ''
    : `${output
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n')}\n`;
