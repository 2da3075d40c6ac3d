import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState, type CSSProperties } from 'react';

const TYPING_MS = 250;

interface WordsInputProps {
  readonly value: string;
  readonly onChange: (words: string) => void;
  readonly placeholder: string;
  readonly style?: CSSProperties;
  readonly size?: 'xs' | 'sm';
}

/** A search by words: what is typed is sent on once the typing rests. */
export function WordsInput({ value, onChange, placeholder, style, size = 'sm' }: WordsInputProps) {
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    // The address may change without us: back, or all filters removed. What it says of us is older than what is typed.
    if (value !== sent) setTyped(value);
  }
  const send = useDebouncedCallback((words: string) => {
    setSent(words.trim());
    onChange(words.trim());
  }, TYPING_MS);
  const change = (words: string) => {
    setTyped(words);
    send(words);
  };
  return (
    <TextInput
      label="Search"
      placeholder={placeholder}
      size={size}
      style={style ?? {}}
      maxLength={200}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
      }
      value={typed}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
