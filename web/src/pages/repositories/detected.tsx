import { List, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RepositoryProposal } from '../../api/schemas';
import { Fact, Facts } from '../../components/facts';

/** What was detected on the default branch, the reason for each part of the proposal, and the doubts. */
export function Detected({ proposal }: { readonly proposal: RepositoryProposal }) {
  const { branch, languages, packageManagers, tools, reasons, doubts, existing } = proposal;
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="detected">
      <Stack gap="sm">
        <Title order={2} size="h4" id="detected">
          Detected on {branch}
        </Title>
        <Facts>
          <Fact name="Languages">{listed(languages.map(({ name, files }) => `${name} (${filesOf(files)})`))}</Fact>
          <Fact name="Package managers">
            {listed(packageManagers.map(({ name, because }) => `${name} (${because})`))}
          </Fact>
          <Fact name="Required tools">
            {listed(tools.map(({ tool, version, file }) => `${tool} ${version} (${file})`))}
          </Fact>
        </Facts>
        {existing === null && reasons.length > 0 && (
          <Part title="Reasons for the proposal">
            {reasons.map(({ part, says }) => (
              <List.Item key={`${part} ${says}`}>
                <Text span inherit fw={600}>
                  {part}
                </Text>
                : {says}
              </List.Item>
            ))}
          </Part>
        )}
        {doubts.length > 0 && (
          <Part title="Not sure">
            {doubts.map((doubt) => (
              <List.Item key={doubt}>{doubt}</List.Item>
            ))}
          </Part>
        )}
      </Stack>
    </Paper>
  );
}

const listed = (items: readonly string[]): string => (items.length === 0 ? 'none found' : items.join(', '));

const filesOf = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div>
    <Title order={3} size="h6" mb={4}>
      {title}
    </Title>
    <List size="sm" style={{ overflowWrap: 'anywhere' }}>
      {children}
    </List>
  </div>
);
