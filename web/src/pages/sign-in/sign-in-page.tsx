import { Button, Code, Container, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { meQuery } from '../../api/queries';

/** Nobody is signed in: the ways to a link that signs in. */
export function SignInPage() {
  const queries = useQueryClient();
  return (
    <Container component="main" size="sm" py={{ base: 'lg', sm: 80 }}>
      <Paper withBorder p={{ base: 'lg', sm: 'xl' }}>
        <Stack gap="md">
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <Title order={1} size="h2">
            Sign in to Baton
          </Title>
          <Text>Baton signs a browser in with a link that works once. No password, nothing to remember.</Text>
          <List spacing="sm">
            <List.Item>
              Baton prints the link when it starts. Look for the line <Code>Sign in</Code> in the terminal where it
              runs, and open the link in this browser.
            </List.Item>
            <List.Item>
              Used already, or scrolled away? Stop Baton with Ctrl-C and start it again with <Code>npm start</Code> or{' '}
              <Code>bin/baton up</Code>: it goes on where it was, and prints a new link.
            </List.Item>
            <List.Item>
              Without a browser: <Code>bin/baton runs</Code> and <Code>bin/baton approve</Code> do the same in the
              terminal.
            </List.Item>
          </List>
          <Button variant="default" onClick={() => void queries.invalidateQueries({ queryKey: meQuery.queryKey })}>
            I have signed in, look again
          </Button>
        </Stack>
      </Paper>
    </Container>
  );
}
