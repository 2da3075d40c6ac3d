import {
  Button,
  Group,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ChevronDown, LogOut, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useSignOut } from '../api/acts';
import type { Me } from '../api/schemas';
import { LinkAnchor } from './links';
import classes from './shell.module.css';

const SCHEMES: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Who is signed in, how the page looks to them, and the way out. */
export function AccountMenu({ me }: { readonly me: Me }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  const leave = () =>
    signOut.mutate(undefined, {
      onError: ({ message }) => notifications.show({ color: 'red', title: 'You are still signed in', message }),
    });
  return (
    <Popover position="bottom-end" width={250} trapFocus shadow="md" opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Button
          variant="default"
          px="sm"
          leftSection={<UserRound size={18} aria-hidden />}
          rightSection={<ChevronDown size={14} aria-hidden />}
          aria-label={`You: ${me.handle}, ${me.role}`}
          onClick={() => setOpened((before) => !before)}
          classNames={{ root: classes['account'], label: classes['handle'] }}
        >
          {me.handle}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <div style={{ overflowWrap: 'anywhere' }}>
            <Text size="sm" fw={600}>
              {me.name}
            </Text>
            <Text size="xs" c="dimmed">
              {me.role} of {me.organisation.name}
            </Text>
          </div>
          <Group gap="sm" component="nav" aria-label="Yours">
            <LinkAnchor to="/away" size="sm" onClick={close}>
              Away
            </LinkAnchor>
            <LinkAnchor to="/agents" size="sm" onClick={close}>
              Agents
            </LinkAnchor>
            <LinkAnchor to="/repositories" size="sm" onClick={close}>
              Repositories
            </LinkAnchor>
            <LinkAnchor to="/policies" size="sm" onClick={close}>
              Policies
            </LinkAnchor>
          </Group>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Colours"
            data={[...SCHEMES]}
            value={colorScheme}
            onChange={(value) => setColorScheme(value)}
          />
          <Button
            variant="default"
            size="sm"
            leftSection={<LogOut size={16} aria-hidden />}
            loading={signOut.isPending}
            onClick={leave}
          >
            Sign out
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
