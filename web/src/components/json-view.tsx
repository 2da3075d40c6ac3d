import { CopyButton, Button, Group } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import classes from './json-view.module.css';

/** How deep it is open at first, and how many entries may be open by themselves. */
const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 40;

/** A JSON value that can be folded. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    <div>
      <Group justify="flex-end" mb={6}>
        <CopyButton value={JSON.stringify(value, null, 2)}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              onClick={copy}
              leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <div className={classes['json']} role="group" aria-label={label}>
        <Value value={value} depth={0} />
      </div>
    </div>
  );
}

interface ValueProps {
  readonly value: unknown;
  readonly depth: number;
  readonly name?: string;
}

function Value({ value, depth, name }: ValueProps) {
  const before = name === undefined ? null : <span className={classes['name']}>{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={classes['leaf']}>
        {before}
        <span className={classes[value === null ? 'null' : typeof value]}>
          {typeof value === 'string' ? value || '""' : JSON.stringify(value)}
        </span>
      </div>
    );
  }
  const entries = Object.entries(value) as [string, unknown][];
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) {
    return (
      <div className={classes['leaf']}>
        {before}
        {`${open}${close}`}
      </div>
    );
  }
  return (
    <details open={depth < OPEN_DEPTH && entries.length <= OPEN_ENTRIES} className={classes['branch']}>
      <summary>
        {before}
        {open}
        <span className={classes['count']}> {entries.length === 1 ? '1 entry' : `${entries.length} entries`} </span>
        {close}
      </summary>
      {entries.map(([key, item]) => (
        <Value key={key} name={key} value={item} depth={depth + 1} />
      ))}
    </details>
  );
}
