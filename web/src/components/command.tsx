import { Code } from '@mantine/core';
import { Copy } from './copy';
import classes from './command.module.css';

/** A command to type, or to take along. */
export const Command = ({ children }: { readonly children: string }) => (
  <div className={classes['command']}>
    <Code block fz="sm" className={classes['text']} tabIndex={0} data-command>
      {children}
    </Code>
    <Copy value={children} what="the command" />
  </div>
);
