import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../src/domain/search-attributes.js';
import { ensureSearchAttributes } from '../../src/workers/search-attributes.js';
import { eventually } from '../support/eventually.js';
import { temporalAddress } from '../support/temporal.js';

describe('the search attributes of a namespace', () => {
  it('are registered once, however many workers start at the same moment', async () => {
    const namespace = `baton-${randomUUID()}`;
    const connections = await Promise.all(
      Array.from({ length: 5 }, () => Connection.connect({ address: temporalAddress() })),
    );
    const [connection] = connections;
    await connection!.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const listed = () =>
      connection!.operatorService.listSearchAttributes({ namespace }).then(
        ({ customAttributes }) => Object.keys(customAttributes),
        () => null,
      );
    await eventually(listed);
    await Promise.all(connections.map((each) => ensureSearchAttributes(each, namespace)));
    expect(await listed()).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)));
    await Promise.all(connections.map((each) => each.close()));
  });
});
