/** A step that could not be done; its message says what to do about it. */
export class SetupError extends Error {}

const nameWidth = 17;

/**
 * Runs one step and prints one line with what was done and how long it took. A step answers with the way it took;
 * it calls `announce` before anything slow, so that nobody sits before a silent terminal. What goes wrong is a sentence
 * for a person, whatever was thrown; the end of a program's own output may follow it.
 */
export async function step(name, action) {
  const startedAt = performance.now();
  const label = name.padEnd(nameWidth);
  const announce = (text) => console.log(`  ${label}${text} …`);
  try {
    const way = await action({ announce });
    console.log(`  ${label}${way} (${seconds(startedAt)})`);
  } catch (error) {
    console.error(`  ${label}failed after ${seconds(startedAt)}: ${sentence(error)}`);
    throw new SetupError(error.message, { cause: error });
  }
}

/** `fetch failed` and its like say why in their cause. */
const sentence = ({ message, cause }) => (cause instanceof Error ? `${message} (${cause.message})` : message);

const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
