import { Button, List, Stack, Text, Title } from '@mantine/core';
import { Ban, Pause, Play, ShieldAlert, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { OverrideKind, RunDetail } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { useHolds } from '../../components/may';
import { isOpen } from '../../components/status';
import { Ago } from '../../components/time';
import { OverrideDialog, OVERRIDES } from './override-form';

/** Pauses, resumes, rates and cancels a run that is open; nothing for those who may not. */
export function RunOverrides({ run }: { readonly run: RunDetail }) {
  const [kind, setKind] = useState<OverrideKind | null>(null);
  const mayHold = useHolds('reviewer');
  const mayEnd = useHolds('author');
  const offered: readonly (readonly [OverrideKind, LucideIcon])[] = isOpen(run.status)
    ? [
        ...(mayHold ? [run.paused ? (['resume', Play] as const) : (['pause', Pause] as const)] : []),
        ...(mayEnd ? [['risk', ShieldAlert] as const, ['cancel', Ban] as const] : []),
      ]
    : [];
  return (
    <>
      {offered.map(([each, Icon]) => (
        <Button key={each} variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={() => setKind(each)}>
          {OVERRIDES[each].act}
        </Button>
      ))}
      <OverrideDialog run={run} step={null} kind={kind} onClose={() => setKind(null)} />
    </>
  );
}

/** How people stepped in, and why. */
export function OverrideList({ run: { overrides } }: { readonly run: RunDetail }) {
  if (overrides.length === 0) return null;
  return (
    <Stack gap={4} component="section" aria-labelledby="stepped-in">
      <Title order={2} size="h6" id="stepped-in">
        How people stepped in
      </Title>
      <List size="sm" spacing={4} listStyleType="none">
        {overrides.map(({ id, briefing, at, rerun }) => (
          <List.Item key={id} data-override={id} style={{ overflowWrap: 'anywhere' }}>
            {briefing}{' '}
            <Text span inherit c="dimmed">
              <Ago time={at} />
            </Text>
            {rerun !== null && (
              <>
                {' · '}
                <LinkAnchor to="/runs/$run" params={{ run: String(rerun) }} inherit>
                  goes on as #{rerun}
                </LinkAnchor>
              </>
            )}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
