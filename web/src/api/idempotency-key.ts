/** One click, one key: sent again, it counts once. `crypto.randomUUID` is missing where a page is not on HTTPS. */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
