import { dirname, join } from 'node:path';
import type { Repository } from '../db/repositories.js';

/** How long the files of a removed repository are kept at least. */
export const KEPT_DAYS = 30;

/** Where the files of a project's repositories are. */
export const projectFolder = (dataDirectory: string, projectId: string): string =>
  join(dataDirectory, 'forge', projectId);

/** Where the files of removed repositories are, below the folder of their project. */
export const REMOVED = 'removed';

/** Where the files of a repository go when it is removed. It depends on nothing that a rename or a restore changes. */
export const placeAside = ({ id, remoteUrl }: Pick<Repository, 'id' | 'remoteUrl'>): string =>
  join(dirname(remoteUrl), REMOVED, `${id}.git`);

/** How a folder there begins that had no row when its place was needed. */
export const UNRECORDED = 'unrecorded-';
