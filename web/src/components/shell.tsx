import { Badge, Box, Center, Container, Group, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { Live } from '../api/live';
import { approvalCountQuery, meQuery, questionCountQuery } from '../api/queries';
import type { Me } from '../api/schemas';
import { SignInPage } from '../pages/sign-in/sign-in-page';
import { AccountMenu } from './account-menu';
import { LinkAnchor } from './links';
import { LiveStateSign } from './live-state';
import { Problem } from './problem';
import classes from './shell.module.css';

/** What is around every page; for somebody who is signed in only. */
export function Shell() {
  const { data: me, error, isPending, isLoadingError, refetch, isRefetching } = useQuery(meQuery);
  if (isPending) {
    return (
      <Center mih="60vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (isLoadingError) {
    return (
      <Container size="sm" py="xl">
        <Problem title="Baton cannot be reached" error={error} retry={() => void refetch()} retrying={isRefetching} />
      </Container>
    );
  }
  if (me === null) return <SignInPage />;
  return (
    <Live>
      <a href="#content" className={classes['skip']}>
        Skip to the content
      </a>
      <Header me={me} />
      <Container
        component="main"
        id="content"
        tabIndex={-1}
        size={1440}
        py="lg"
        px={{ base: 'sm', sm: 'lg' }}
        className={classes['content']}
      >
        <Outlet />
      </Container>
    </Live>
  );
}

function Header({ me }: { readonly me: Me }) {
  return (
    <Box component="header" className={classes['header']}>
      <Container size={1440} px={{ base: 'sm', sm: 'lg' }}>
        <Group h={56} justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="lg" wrap="nowrap">
            <LinkAnchor to="/runs" underline="never" className={classes['brand']} aria-label="Baton, to the runs">
              <img src="/favicon.svg" alt="" width={24} height={24} />
              <span className={classes['name']}>Baton</span>
            </LinkAnchor>
            <Group component="nav" aria-label="Main" gap={4} wrap="nowrap">
              <LinkAnchor
                to="/runs"
                underline="never"
                className={classes['link']}
                activeOptions={{ includeSearch: false }}
              >
                Runs
              </LinkAnchor>
              <LinkAnchor to="/approvals" underline="never" className={classes['link']}>
                Approvals
                <WaitingForMe />
              </LinkAnchor>
              <LinkAnchor
                to="/agents"
                underline="never"
                className={classes['link']}
                activeOptions={{ includeSearch: false }}
                visibleFrom="xs"
              >
                Agents
              </LinkAnchor>
              <LinkAnchor
                to="/repositories"
                underline="never"
                className={classes['link']}
                activeOptions={{ includeSearch: false }}
                visibleFrom="sm"
              >
                Repositories
              </LinkAnchor>
              <LinkAnchor
                to="/policies"
                underline="never"
                className={classes['link']}
                activeOptions={{ includeSearch: false, includeHash: false }}
                visibleFrom="xs"
              >
                Policies
              </LinkAnchor>
            </Group>
          </Group>
          <Group gap="md" wrap="nowrap">
            <LiveStateSign />
            <AccountMenu me={me} />
          </Group>
        </Group>
      </Container>
    </Box>
  );
}

/** How many approvals and questions wait for me. */
function WaitingForMe() {
  const { data: approvals } = useQuery(approvalCountQuery);
  const { data: questions } = useQuery(questionCountQuery);
  const count = (approvals?.mine ?? 0) + (questions?.mine ?? 0);
  if (count === 0) return null;
  return (
    <>
      <Badge size="sm" circle={count < 10} color="red" variant="filled" aria-hidden>
        {count}
      </Badge>
      <span className="visually-hidden"> {count} waiting for you</span>
    </>
  );
}
