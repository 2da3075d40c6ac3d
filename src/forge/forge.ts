import type { Finding } from '../domain/gate.js';
import type { RunRef } from '../domain/work.js';
import type { Principal } from '../db/people.js';
import type { Repository } from '../db/repositories.js';
import type { Pull } from '../git/pull-origin.js';

export type Asker = Pick<Principal, 'organisationId' | 'personId' | 'handle' | 'origin'>;

export interface NewRepository {
  readonly principal: Asker;
  readonly projectId: string;
  readonly name: string;
  /** A path or URL to import from; null makes an empty repository. */
  readonly source: string | null;
  /** Null: that of the source, or `main` for an empty repository. */
  readonly defaultBranch?: string | null;
}

/** Something of an imported repository that does not work, or slowly. */
export interface ImportWarning {
  readonly kind: 'lfs' | 'submodules' | 'many-files';
  readonly message: string;
}

export interface NewIssue {
  readonly principal: Asker;
  readonly repositoryId: string;
  readonly title: string;
  readonly body: string;
  readonly acceptanceCriteria: string;
  readonly labels: readonly string[];
  /** Issues that its work waits for: `#12`, or `other#12` in another repository of the project. */
  readonly blockedBy?: readonly string[];
  /** The same key opens one issue. */
  readonly key: string;
}

export interface IssueNote {
  readonly principal: Asker;
  readonly repositoryId: string;
  readonly number: number;
  readonly body: string;
  /** What the issue is to be from then on; left out: as it is. */
  readonly state?: 'open' | 'closed' | undefined;
  /** The same key comments once. */
  readonly key: string;
}

export interface NewPullRequest {
  readonly run: RunRef;
  readonly repositoryId: string;
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
}

/** A pull request that a person opens. */
export interface PullRequestByHand extends Omit<NewPullRequest, 'run'> {
  readonly principal: Asker;
  /** The same key opens one. */
  readonly key: string;
}

export interface PullRequestCopy {
  readonly run: RunRef;
  readonly repositoryId: string;
  readonly from: string;
  readonly head: string;
}

export interface PullRequest {
  readonly id: string;
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly mergedCommit: string | null;
}

export interface ClosedPullRequest {
  readonly pullRequestId: string;
  /** A reason for people, after `it is closed: `. */
  readonly why: string;
}

export interface NewReview {
  readonly pullRequestId: string;
  readonly author: string;
  readonly verdict: 'approve' | 'reject' | 'comment';
  readonly body: string;
  readonly findings: readonly Finding[];
  /** Names what the review is of; the same marker is written once. */
  readonly marker: string;
}

/** What is said of a line of the change, or of a file as a whole. */
export interface NewComment {
  readonly pullRequestId: string;
  readonly author: string;
  readonly commit: string;
  readonly file: string;
  readonly line: number | null;
  readonly body: string;
  /** Names what is said; the same marker is written once a pull request. */
  readonly marker: string;
}

export interface NewCheck {
  readonly repositoryId: string;
  readonly commit: string;
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly summary: string;
}

/** A `.baton/repository.yaml` that a person accepts. */
export interface NewConfiguration {
  readonly principal: Asker;
  readonly repositoryId: string;
  readonly text: string;
  /** Whether one that is there is replaced. */
  readonly replace: boolean;
}

/** Where an accepted configuration went. */
export interface PlacedConfiguration {
  readonly kind: 'committed';
  readonly branch: string;
  readonly commit: string;
}

/** What a person does to a repository. */
interface RepositoryAct {
  readonly principal: Asker;
  readonly repositoryId: string;
}

export type RemovedRepository = RepositoryAct;

/** A repository that was removed, by its name. */
export interface RestoredRepository {
  readonly principal: Asker;
  readonly projectId: string;
  readonly name: string;
}

/** Where the files of a removed repository are, and until when at least. */
export interface RemovedFiles {
  readonly files: string;
  readonly keptUntil: string;
}

export interface RenamedRepository extends RepositoryAct {
  readonly name: string;
}

export interface ChangedDefaultBranch extends RepositoryAct {
  readonly branch: string;
}

export interface OriginPull extends RepositoryAct {
  /** A path or URL; null: where it was imported from. */
  readonly from: string | null;
}

export interface OriginPush extends RepositoryAct {
  /** Null: the default branch. */
  readonly branch: string | null;
  /** The branch there; null: of the same name. */
  readonly as: string | null;
  /** A path or URL; null: where it was imported from. */
  readonly to: string | null;
}

export interface PushedToOrigin {
  readonly to: string;
  readonly branch: string;
  readonly as: string;
  readonly commit: string;
  readonly result: 'pushed' | 'up-to-date';
}

/**
 * Where issues, pull requests, reviews and checks live. Every write looks for its own marker first, so that doing it
 * twice does it once. `organisationId` says whose rows are meant.
 */
export interface Forge {
  /** Imports a repository, or makes an empty one. A source that Baton cannot work with is refused with how to fix it. */
  createRepository(repository: NewRepository): Promise<Repository>;
  /** What does not work in a repository as it is now; nothing for an empty one. */
  importWarnings(repository: Repository): Promise<readonly ImportWarning[]>;
  /**
   * Puts an accepted configuration where it counts. The embedded forge holds Baton's own import and commits it to the
   * default branch; a forge that others own has to open a pull request instead. Throws `file-exists`, `branch-moved`,
   * `path-occupied`, `repository-config-invalid`, `empty-repository`.
   */
  placeConfiguration(configuration: NewConfiguration): Promise<PlacedConfiguration>;
  /** Makes the files of a repository match the record, for example after a crash. Called for each at the start. */
  settleRepository(organisationId: string, repositoryId: string): Promise<void>;
  /** Deletes what killed processes left, and the files of removed repositories that were kept long enough. */
  tidy(): Promise<void>;
  /** Removes a repository and moves its files aside; its record stays. Throws `repository-in-use`, `trial-open`. */
  removeRepository(removed: RemovedRepository): Promise<RemovedFiles>;
  /** Deletes the files of a removed repository. */
  purgeRepository(purged: RemovedRepository): Promise<void>;
  /** Brings back the last removed repository of a name. Throws `repository-not-found`, `repository-exists`. */
  restoreRepository(restored: RestoredRepository): Promise<Repository>;
  /** Renames a repository; gives what still names it as before. Throws `rename-lifts-denial`, `repository-exists`. */
  renameRepository(renamed: RenamedRepository): Promise<readonly string[]>;
  /** Throws `branch-not-found`, `source-filter`. */
  setDefaultBranch(changed: ChangedDefaultBranch): Promise<Repository>;
  /** Brings the newer commits of the origin. Throws what `pullFrom` throws, and `no-origin`. */
  pullOrigin(pull: OriginPull): Promise<Pull & { readonly from: string }>;
  /** Pushes a branch to the origin. Throws what `pushOutside` throws, `branch-not-found` and `no-origin`. */
  pushOrigin(push: OriginPush): Promise<PushedToOrigin>;
  /** Opens an issue and starts what its labels start; `runs` are the runs' ids, pending. */
  openIssue(issue: NewIssue): Promise<{ id: string; number: number; runs: string[] }>;
  addLabels(
    labels: Pick<NewIssue, 'principal' | 'repositoryId' | 'labels' | 'key'> & { readonly number: number },
  ): Promise<{ runs: string[] }>;
  /** Takes a label off an issue; the runs that it started go on. Throws `label-not-found`. */
  removeLabel(
    label: Pick<NewIssue, 'principal' | 'repositoryId' | 'key'> & { readonly number: number; readonly label: string },
  ): Promise<{ labels: string[] }>;
  /** The issue that was opened with this key; null: none was. */
  findIssue(organisationId: string, key: string): Promise<{ readonly number: number } | null>;
  /** Comments on an issue, and closes or reopens it with that. Throws `issue-not-found`. */
  commentIssue(note: IssueNote): Promise<{ readonly state: 'open' | 'closed' }>;
  /** Opens a pull request and starts what that starts. */
  openPullRequest(organisationId: string, pullRequest: NewPullRequest): Promise<PullRequest>;
  /**
   * The same for a person; `runs` are the ids of what it started. Throws `branch-not-found`, `nothing-to-merge`,
   * `pull-request-open`.
   */
  openPullRequestByHand(pullRequest: PullRequestByHand): Promise<{ number: number; runs: string[] }>;
  /** The pull request of `from` with its reviews once more, for the branch `head`; null where `from` has none. */
  copyPullRequest(organisationId: string, copy: PullRequestCopy): Promise<PullRequest | null>;
  findPullRequest(organisationId: string, repositoryId: string, head: string): Promise<PullRequest | null>;
  /** Tells every push to the repository's branches that nobody has told yet, whoever made it, and starts what it starts. */
  observePushes(organisationId: string, repositoryId: string): Promise<void>;
  pullRequestNumbered(organisationId: string, repositoryId: string, number: number): Promise<PullRequest | null>;
  review(organisationId: string, review: NewReview): Promise<void>;
  comment(organisationId: string, comment: NewComment): Promise<void>;
  check(organisationId: string, check: NewCheck): Promise<void>;
  /** Records that a pull request has landed as `commit`. */
  /** Closes one that is open; merged or closed, it stays as it is. */
  closePullRequest(organisationId: string, closed: ClosedPullRequest): Promise<void>;
  markMerged(organisationId: string, run: RunRef, pullRequest: PullRequest, commit: string): Promise<void>;
}
