import { Button, Menu, Modal } from '@mantine/core';
import { ChevronDown, ListChecks } from 'lucide-react';
import { useState } from 'react';
import type { RunFilter } from '../../../api/queries';
import type { BulkAction } from '../../../api/schemas';
import { useHolds } from '../../../components/may';
import { BulkDialog } from './bulk-dialog';
import { BULK } from './bulk-words';

/** Does the same to the runs that the page shows, after a look at which; nothing for those who may not. */
export function BulkMenu({ filter }: { readonly filter: RunFilter }) {
  const [action, setAction] = useState<BulkAction | null>(null);
  const mayHold = useHolds('reviewer');
  const mayEnd = useHolds('author');
  if (!mayHold) return null;
  const offered: readonly BulkAction[] = mayEnd ? ['pause', 'resume', 'cancel', 'rerun'] : ['pause', 'resume'];
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<ListChecks size={16} aria-hidden />}
            rightSection={<ChevronDown size={14} aria-hidden />}
          >
            Act on many
          </Button>
        </Menu.Target>
        <Menu.Dropdown aria-label="Act on many runs">
          {offered.map((each) => (
            <Menu.Item key={each} onClick={() => setAction(each)}>
              {BULK[each].act} …
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={action !== null}
        onClose={() => setAction(null)}
        size="lg"
        title={action && `${BULK[action].act} many runs`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {action && <BulkDialog key={action} action={action} filter={filter} onClose={() => setAction(null)} />}
      </Modal>
    </>
  );
}
