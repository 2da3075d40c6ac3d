import type { ReactNode } from 'react';
import classes from './disclosure.module.css';

interface DisclosureProps {
  readonly label: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** What is there for those who want to see it. */
export function Disclosure({ label, open = false, children }: DisclosureProps) {
  return (
    <details className={classes['disclosure']} open={open}>
      <summary>{label}</summary>
      <div className={classes['body']}>{children}</div>
    </details>
  );
}
