import { Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

interface PageTitleProps {
  /** In the browser's tab, before the name of the product. */
  readonly tab: string;
  readonly children: ReactNode;
}

export function PageTitle({ tab, children }: PageTitleProps) {
  useEffect(() => {
    document.title = `${tab} · Baton`;
  }, [tab]);
  return (
    <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Title>
  );
}
