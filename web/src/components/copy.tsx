import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { Check, Copy as CopyIcon } from 'lucide-react';

interface CopyProps {
  readonly value: string;
  /** What is copied, for those who do not see what it stands beside. */
  readonly what: string;
}

/** Browsers lend their clipboard to pages on HTTPS or this machine only. */
const CAN_COPY = window.isSecureContext;

/** A small button that copies a text. */
export function Copy({ value, what }: CopyProps) {
  if (!CAN_COPY) return null;
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
            onClick={copy}
            style={{ color: 'var(--mantine-color-dimmed)' }}
          >
            {copied ? <Check size={14} aria-hidden /> : <CopyIcon size={14} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
