import { Container } from '@mantine/core';
import { Empty } from './empty';
import { LinkAnchor } from './links';
import { PageTitle } from './page-title';

export function NotFound() {
  return (
    <Container size="sm" py="xl">
      <span className="visually-hidden">
        <PageTitle tab="Not found">Not found</PageTitle>
      </span>
      <Empty title="There is no such page">
        Perhaps the link is old. All runs are in the{' '}
        <LinkAnchor to="/runs" underline="always">
          list of runs
        </LinkAnchor>
        .
      </Empty>
    </Container>
  );
}
