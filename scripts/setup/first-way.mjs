import { SetupError } from './step.mjs';

/**
 * Takes the first way that leads there. Why the ones before it did not is said at once, and all of it where none does:
 * `otherwise` then says what to do.
 */
export async function firstWay({ announce }, ways, otherwise) {
  const reasons = [];
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      const [reason] = error.message.split('\n');
      reasons.push(reason);
      announce(reason);
    }
  }
  throw new SetupError(`${otherwise.missing}: ${reasons.join('; ')}. ${otherwise.mend}`);
}
