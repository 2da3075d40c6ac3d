import picomatch from 'picomatch';
import { z } from 'zod';

export const glob = z.string().min(1).max(200).refine(isGlob, 'is no glob');

/** One that says which files are meant, as in `.gitignore`: turned around by `!`, one would mean nearly everything. */
export const pathGlob = glob.refine((text) => !text.startsWith('!'), 'names what is meant: it cannot begin with !');

function isGlob(text: string): boolean {
  try {
    picomatch(text, { strictBrackets: true });
    return true;
  } catch {
    return false;
  }
}
