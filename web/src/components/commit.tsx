import { Code } from '@mantine/core';

/** A commit, short; whole in its title, and when copied by its button in the title's place. */
export function Commit({ id }: { readonly id: string }) {
  return (
    <Code title={id} fz="sm">
      {id.slice(0, 10)}
    </Code>
  );
}
