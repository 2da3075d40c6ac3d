import { utf8Bytes } from './json.js';

/** The text, cut to so many bytes of UTF-8 with an ellipsis at its end; no character is cut in half. */
export function cutText(text: string, maxBytes: number): string {
  const whole = text.toWellFormed();
  if (utf8Bytes(whole) <= maxBytes) return whole;
  let bytes = utf8Bytes('…');
  let cut = '';
  for (const character of whole) {
    bytes += utf8Bytes(character);
    if (bytes > maxBytes) break;
    cut += character;
  }
  return `${cut}…`;
}
