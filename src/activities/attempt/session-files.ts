import type { SessionFiles } from '../../agents/harness.js';
import { findArtifact, openArtifact, readArtifact, replaceArtifact } from '../../artifacts/artifacts.js';
import { NOTHING_SPENT } from '../../domain/usage.js';
import type { AttemptRequest } from '../../domain/work.js';
import type { Session } from './attempt-agent.js';
import { attemptOf } from './attempt-record.js';
import type { ActivityDeps } from '../deps.js';
import { persist } from '../persist.js';

const NAME = 'session.tar';

/** The files of an agent's conversation, an artifact of the attempt that had it last. Secrets in them are overwritten. */
export function sessionFiles(
  deps: ActivityDeps,
  { ref, attempt }: Pick<AttemptRequest, 'ref' | 'attempt'>,
  session: Session | null,
): SessionFiles {
  const { organisationId, runId } = ref.run;
  return {
    spent: session?.spent ?? NOTHING_SPENT,
    open: () =>
      persist(deps, organisationId, async (tx) => {
        if (session === null) return null;
        const { step, item, attempt: of } = session;
        const key = { organisationId, runId, step, item, attempt: of, kind: 'session', name: NAME } as const;
        const found = await findArtifact(tx, key);
        return found && (await readArtifact(tx, found.id, { start: 0, maxBytes: found.bytes }));
      }),
    keep: ({ name, archive }) =>
      persist(deps, organisationId, async (tx) => {
        await attemptOf(tx, { ref, attempt }).set({ session: name }).execute();
        const { id } = await openArtifact(tx, {
          ...{ organisationId, runId, step: ref.step, item: ref.item, attempt },
          ...{ kind: 'session', name: NAME, mediaType: 'application/x-tar' },
        });
        await replaceArtifact(tx, id, deps.redactor.bytes(archive));
      }),
  };
}
