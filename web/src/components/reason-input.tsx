import { TextInput } from '@mantine/core';

interface ReasonInputProps {
  /** Where the reason is kept, and who reads it. */
  readonly description: string;
  readonly value: string;
  readonly onChange: (reason: string) => void;
  /** Whether it was tried to send the form: only then a missing reason is a fault. */
  readonly asked: boolean;
  readonly autoFocus?: boolean;
}

/** Why somebody does what they do: asked for wherever it is kept. */
export function ReasonInput({ description, value, onChange, asked, autoFocus }: ReasonInputProps) {
  return (
    <TextInput
      label="Reason"
      description={description}
      required
      maxLength={1000}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      error={asked && value.trim() === '' ? 'Say why' : null}
      {...(autoFocus && { 'data-autofocus': true })}
    />
  );
}
