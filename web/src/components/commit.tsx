import { Code, Group } from '@mantine/core';
import { Copy } from './copy';

const SHOWN = 10;

/** A commit, short; whole in its title. */
export function Commit({ id }: { readonly id: string }) {
  return (
    <Code title={id} fz="sm">
      {id.slice(0, SHOWN)}
    </Code>
  );
}

/** A commit where it stands alone, with a button that copies the whole of it. */
export const CopyableCommit = ({ id }: { readonly id: string }) => (
  <Group component="span" gap={2} display="inline-flex" wrap="nowrap">
    <Commit id={id} />
    <Copy value={id} what={`the commit ${id.slice(0, SHOWN)}`} />
  </Group>
);
