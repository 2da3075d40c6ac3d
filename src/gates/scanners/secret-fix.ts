/** Taking it out of the newest commit is not enough: whoever has the history has the secret. */
export const SECRET_FIX =
  'Revoke it where it is valid, take it out of the code, and read the new one from the environment: it stays in the history.';
