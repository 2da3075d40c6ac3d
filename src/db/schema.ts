import type { AgentTables } from './tables/agents.js';
import type { DecisionTables } from './tables/decisions.js';
import type { GateTables } from './tables/gates.js';
import type { NoticeTables } from './tables/notices.js';
import type { PeopleTables } from './tables/people.js';
import type { ProjectTables } from './tables/projects.js';
import type { RecordTables } from './tables/record.js';
import type { RunTables } from './tables/runs.js';

export type { Actor, OrganisationRole, RecordedError } from './tables/columns.js';

/** All tables, each in the file of what it is about. */
export interface Database
  extends PeopleTables, ProjectTables, AgentTables, RunTables, GateTables, DecisionTables, NoticeTables, RecordTables {}
