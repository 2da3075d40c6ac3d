import type { Narrator } from '../../local/up.js';

const NAME_WIDTH = 12;

/** The start as a person reads it. */
export function startInText(write: (text: string) => void): Narrator {
  const line = (name: string, text: string) => `  ${name.padEnd(NAME_WIDTH)}${text}\n`;
  write('\nBaton is starting\n');
  return {
    say: (name, text) => write(line(name, text)),
    ready: ({ signInUrl, publicUrl, temporalUi }) => {
      const lines = [
        ['Sign in', `${signInUrl}  (works once)`],
        ['API', `${publicUrl}/api/docs`],
        ...(temporalUi === undefined ? [] : [['Temporal', temporalUi]]),
        ['Stop', 'Ctrl-C'],
      ];
      write(`\nBaton is ready\n${lines.map(([name = '', text = '']) => line(name, text)).join('')}\n`);
    },
  };
}

/** The same as JSON, a line each: `said` with what it is about, and once `ready` with the addresses. */
export function startInJson(write: (text: string) => void): Narrator {
  const line = (value: object) => write(`${JSON.stringify(value)}\n`);
  return {
    say: (about, text) => line({ type: 'said', about, text }),
    ready: ({ url, publicUrl, signInUrl, temporalAddress, temporalUi, dataDirectory }) =>
      line({ type: 'ready', url, publicUrl, signInUrl, temporalAddress, temporalUi, dataDirectory }),
  };
}
