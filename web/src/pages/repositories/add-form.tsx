import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { ProblemError } from '../../api/problem-error';
import { useAddRepository } from '../../api/repository-setup';
import { LinkAnchor } from '../../components/links';
import { Problem } from '../../components/problem';
import { Duration } from '../../components/time';
import { isSource, nameOf } from './repository-name';

/** Imports a repository and opens its set-up. */
export function AddForm() {
  const [source, setSource] = useState('');
  const [name, setName] = useState('');
  const [branch, setBranch] = useState('');
  const [asked, setAsked] = useState(false);
  const navigate = useNavigate();
  const add = useAddRepository();
  const from = source.trim();
  const wanted = name.trim() || nameOf(from);
  const sourceFault = isSource(from) ? null : 'Enter an absolute path, or an https, ssh or git URL';
  const nameFault = wanted === '' ? 'Enter a name: the path or URL has none' : null;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setAsked(true);
    if (sourceFault !== null || nameFault !== null) return;
    add.mutate(
      { name: wanted, source: from, defaultBranch: branch.trim() || null, key: newIdempotencyKey() },
      {
        onSuccess: ({ name: repository, project, warnings }) => {
          for (const { message } of warnings)
            notifications.show({ color: 'yellow', title: 'Imported with a warning', message, autoClose: false });
          void navigate({ to: '/repositories/$repository', params: { repository }, search: { project } });
        },
      },
    );
  };
  const branchMissing = add.error instanceof ProblemError && add.error.code === 'default-branch-unclear';
  const exists = add.error instanceof ProblemError && add.error.code === 'repository-exists';
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="add-repository">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Title order={2} size="h4" id="add-repository">
            Add a repository
          </Title>
          <Text size="sm" c="dimmed">
            Baton imports a copy. It never writes to the original.
          </Text>
          <TextInput
            label="Path or URL"
            description="An absolute path on the server, or an https, ssh or git URL"
            placeholder="https://git.example.org/team/library.git"
            required
            maxLength={1000}
            value={source}
            onChange={({ currentTarget }) => setSource(currentTarget.value)}
            error={asked ? sourceFault : null}
          />
          <TextInput
            label="Name"
            description={
              wanted === '' || name.trim() !== ''
                ? 'Optional. Default: taken from the path or URL'
                : `Optional. Default: ${wanted}`
            }
            maxLength={63}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={asked && sourceFault === null ? nameFault : null}
          />
          <TextInput
            label="Default branch"
            description="Optional. Default: the branch that HEAD of the source points to"
            maxLength={200}
            value={branch}
            onChange={({ currentTarget }) => setBranch(currentTarget.value)}
            error={branchMissing ? 'Enter one of the branches named below' : null}
          />
          {add.error && <Problem title="The repository was not added" error={add.error} retry={null} />}
          {exists && (
            <LinkAnchor to="/repositories/$repository" params={{ repository: wanted }} size="sm">
              Open the set-up of {wanted}
            </LinkAnchor>
          )}
          <Group>
            <Button type="submit" loading={add.isPending}>
              Add repository
            </Button>
            <Text size="sm" role="status">
              {add.isPending && (
                <>
                  Importing for <Duration from={new Date(add.submittedAt).toISOString()} to={null} />. A large
                  repository takes minutes.
                </>
              )}
            </Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
