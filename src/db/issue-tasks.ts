import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { findRepository, getRepository, type Repository } from './repositories.js';
import { openTask } from './tasks.js';

/**
 * The tasks that people mean by their issues, `#12` of the repository or `other#12` of another one of the project, made
 * where there is none yet. An issue that is done has none to wait for. Throws `issue-not-found`, `repository-not-found`.
 */
export async function tasksOfIssues(
  tx: Tx,
  repository: Repository,
  references: readonly string[],
  requestedBy: string,
): Promise<string[]> {
  const tasks: string[] = [];
  for (const reference of references) {
    const task = await taskOfIssue(tx, repository, reference, requestedBy);
    if (task !== null) tasks.push(task);
  }
  return tasks;
}

async function taskOfIssue(tx: Tx, own: Repository, reference: string, requestedBy: string): Promise<string | null> {
  const [name = '', number = ''] = reference.split('#');
  const repository = name === '' ? own : await findRepository(tx, own.projectId, name);
  if (!repository) throw new BatonError('repository-not-found', `This project has no repository ${name}.`);
  const issue = await tx
    .selectFrom('issues')
    .select(['id', 'title', 'labels', 'state'])
    .where('repository_id', '=', repository.id)
    .where('number', '=', Number(number))
    .executeTakeFirst();
  if (!issue) throw new BatonError('issue-not-found', `The repository ${repository.name} has no issue #${number}.`);
  const tasks = await tx.selectFrom('tasks').select(['id', 'status']).where('issue_id', '=', issue.id).execute();
  const open = tasks.find(({ status }) => status !== 'completed');
  if (open) return open.id;
  if (tasks.length > 0 || issue.state === 'closed') return null;
  return openTask(tx, {
    organisationId: repository.organisationId,
    projectId: repository.projectId,
    repositoryId: repository.id,
    issueId: issue.id,
    title: issue.title,
    labels: issue.labels,
    requestedBy,
  });
}

/** Throws `task-not-found`. */
export async function repositoryOfTask(tx: Tx, taskId: string): Promise<Repository> {
  const task = await tx
    .selectFrom('tasks')
    .select('repository_id as repositoryId')
    .where('id', '=', taskId)
    .executeTakeFirst();
  if (!task) throw new BatonError('task-not-found', `There is no task ${taskId}.`);
  return getRepository(tx, task.repositoryId);
}
