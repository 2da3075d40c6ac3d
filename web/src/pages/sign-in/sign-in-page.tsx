import { Button, Code, Container, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { meQuery } from '../../api/queries';
import { Command } from '../../components/command';

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
          <div>
            <Text mb={6}>
              On the machine where Baton runs, ask for one, and open it in this browser within 15 minutes:
            </Text>
            <Command>bin/baton sign-in</Command>
          </div>
          <Text>
            <Code>npm start</Code> prints one, too, when Baton is ready: look for the line <Code>Sign in</Code>. Without
            a browser, <Code>bin/baton runs</Code> and <Code>bin/baton approve</Code> do the same in the terminal.
          </Text>
          <Button variant="default" onClick={() => void queries.invalidateQueries({ queryKey: meQuery.queryKey })}>
            I have signed in, look again
          </Button>
        </Stack>
      </Paper>
    </Container>
  );
}
