import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../../src/domain/json.js';

export const KEY = 'sk-key-of-the-contract-0123456789';
export const CACHE = '.aider.tags.cache.v4';

let environment: string | null = null;

/** A Python environment, as pipx makes one: its programs name their interpreter by its place. */
function folder(): string {
  if (environment !== null) return environment;
  environment = mkdtempSync(join(tmpdir(), 'baton-aider-'));
  // The agent is another user.
  chmodSync(environment, 0o755);
  mkdirSync(join(environment, 'bin'), { mode: 0o755 });
  writeFileSync(join(environment, 'pyvenv.cfg'), 'home = /usr/bin\n');
  symlinkSync('/bin/sh', join(environment, 'bin', 'interpreter'));
  return environment;
}

export function remove(): void {
  if (environment !== null) rmSync(environment, { recursive: true });
  environment = null;
}

/** What Aider 0.86.2 prints, and logs, where its model answers so. */
const BANNER = `Aider v0.86.2
Model: openai/test-model with diff edit format
Git repo: .git with 2 files
Repo-map: using 1024 tokens, auto refresh
`;
export const printed = (text: string): string => `\n${text}\n\nTokens: 100 sent, 20 received.\n`;
const logged = (event: string, properties: JsonObject = {}): string =>
  `${JSON.stringify({ event, properties, user_id: '09ccf109', time: 1_795_337_930 }).replaceAll('":', '": ')}\n`;
export const asked = logged('message_send_starting');
export const answered = (text: string, totalCost: number): string =>
  `TO LLM 2026-11-22T09:01:41\n-------\nUSER Say hello\nASSISTANT Ok.\nLLM RESPONSE 2026-11-22T09:01:42\n${text
    .split('\n')
    .map((line) => `ASSISTANT ${line}\n`)
    .join('')}${logged('message_send', { prompt_tokens: 100, completion_tokens: 20, cost: 0, total_cost: totalCost })}`;
export const left = logged('exit', { reason: 'Completed --message-file' });

export interface Play {
  readonly prints?: string;
  readonly logs?: string;
  /** After what it prints. */
  readonly then?: string;
}

/** Gives the program: it takes only what it knows, asks for its key and its prompt, and says what is played. */
export function play({ prints = '', logs = '', then = '' }: Play): string {
  const environment = folder();
  const program = join(environment, 'bin', 'aider');
  writeFileSync(join(environment, 'prints'), BANNER + prints, { mode: 0o644 });
  writeFileSync(join(environment, 'logs'), logged('launched') + logs, { mode: 0o644 });
  const flags =
    '--yes-always --no-pretty --no-stream --no-fancy-input --no-notifications --no-auto-commits --no-dirty-commits ' +
    '--no-gitignore --no-auto-lint --no-auto-test --no-analytics --no-check-update --no-show-release-notes ' +
    '--no-show-model-warnings --no-gui --no-copy-paste --no-watch-files --no-detect-urls --disable-playwright ' +
    '--no-suggest-shell-commands --no-restore-chat-history';
  writeFileSync(
    program,
    `#!${environment}/bin/interpreter
for flag in ${flags}; do
  [ "$1" = $flag ] || { echo "aider: error: unrecognized arguments: $1" >&2; exit 2; }
  shift
done
[ "$OPENAI_API_KEY" = '${KEY}' ] || { echo 'litellm.AuthenticationError: AuthenticationError: no key'; exit 0; }
rm -f "$HOME/seen"; touch "$HOME/seen"
while [ $# -gt 0 ]; do
  case $1 in
    --message-file) cp "$2" "$HOME/prompt-seen" ;;
    --analytics-log) [ -f "$2" ] && cat ${environment}/logs >> "$2" ;;
    --llm-history-file|--chat-history-file|--input-history-file) case $2 in "$HOME"/*) ;; *) exit 2 ;; esac ;;
    --model) echo "model $2" >> "$HOME/seen" ;;
    --chat-mode|--edit-format) echo "$1 $2" >> "$HOME/seen" ;;
    *) echo "aider: error: unrecognized arguments: $1" >&2; exit 2 ;;
  esac
  shift 2
done
(echo cached > ${CACHE}/cache.db) 2> /dev/null || echo 'Unable to use tags cache at /workspace/${CACHE}, falling back to memory cache'
cat ${environment}/prints
${then}
`,
  );
  chmodSync(program, 0o755);
  return program;
}
