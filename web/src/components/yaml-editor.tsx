import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useRef } from 'react';
import type { YamlFault } from './yaml-faults';
import classes from './yaml-editor.module.css';

interface YamlEditorProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly faults: readonly YamlFault[];
  /** The text that the faults were found in. */
  readonly checked: string;
  /** Another error than the faults. */
  readonly error?: string | null;
  readonly readOnly?: boolean;
}

/** A YAML text to edit, with its faults by line and column below it. */
export function YamlEditor({ faults, checked, error = null, value, onChange, ...field }: YamlEditorProps) {
  const input = useRef<HTMLTextAreaElement>(null);
  const goTo = (line: number, column: number) => {
    const before = value.split('\n').slice(0, line - 1);
    const start = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
    input.current?.focus();
    input.current?.setSelectionRange(start, start);
  };
  const places = faults.length === 1 ? 'one place' : `${faults.length} places`;
  return (
    <>
      <Textarea
        {...field}
        ref={input}
        autosize
        minRows={8}
        maxRows={28}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '12.5px' } }}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        error={error ?? (faults.length === 0 ? null : `Not valid in ${places}; they are below`)}
      />
      <Faults faults={faults} text={checked} onGo={goTo} />
    </>
  );
}

interface FaultsProps {
  readonly faults: readonly YamlFault[];
  readonly text: string;
  readonly onGo: (line: number, column: number) => void;
}

/** Each fault under the line that it is in. */
function Faults({ faults, text, onGo }: FaultsProps) {
  if (faults.length === 0) return null;
  const lines = text.split('\n');
  return (
    <Stack gap="xs" role="alert" aria-label="What is wrong with it">
      {faults.map(({ line, column, message }) => (
        <div key={`${line}:${column} ${message}`} data-fault={line ?? ''}>
          {line !== null && column !== null && (
            <>
              <Button variant="default" size="compact-xs" onClick={() => onGo(line, column)}>
                Line {line}, column {column}
              </Button>
              <pre className={classes['fault']}>
                {lines[line - 1]}
                {'\n'}
                {' '.repeat(column - 1)}^
              </pre>
            </>
          )}
          <Text size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
            {message}
          </Text>
        </div>
      ))}
    </Stack>
  );
}
