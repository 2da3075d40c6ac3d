import type { components } from './types';

type Schemas = components['schemas'];

export type Run = Schemas['Run'];
export type RunDetail = Schemas['RunDetail'];
export type RunRef = RunDetail['lineage']['reruns'][number];
export type GraphNode = RunDetail['graph']['nodes'][number];
export type Step = Schemas['Step'];
export type StepStatus = Step['status'];
export type Attempt = Schemas['Attempt'];
export type GateResult = Schemas['GateResult'];
export type Finding = Schemas['Finding'];
export type Artifact = Schemas['Artifact'];
export type Approval = Schemas['Approval'];
export type ApprovalPage = Schemas['ApprovalPage'];
export type Question = Schemas['Question'];
export type EscalationPage = Schemas['EscalationPage'];
export type OverrideKind = Schemas['Override']['kind'];
export type BulkPreview = Schemas['BulkPreview'];
export type BulkRun = BulkPreview['runs'][number];
export type BulkAction = BulkPreview['action'];
export type BulkResult = Schemas['BulkResult'];
export type Repository = Schemas['Repository'];
export type Pipeline = Schemas['Pipeline'];
export type RunDiff = Schemas['RunDiff'];
export type Me = Schemas['Me'];
export type Event = Schemas['Event'];
export type Problem = Schemas['Problem'];
