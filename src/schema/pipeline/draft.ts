import type { StepSandbox } from '../../domain/sandbox-settings.js';
import type { AskedPolicy } from '../../domain/approval.js';
import type { AskedGate } from '../../domain/gate.js';
import type { AgentRef } from '../../domain/plan.js';
import type { QuestionSettings } from '../../domain/question.js';
import type { RetryPolicy } from '../../domain/retry.js';
import type { At } from './diagnostic.js';
import type { Field } from './fields.js';
import type { YamlEntry, YamlNode } from './yaml-tree.js';

/** A name as it stands in the file. */
export interface Named {
  readonly text: string;
  readonly at: At;
}

/** `same` is found once the order of the steps is known. */
export type DraftAgent =
  | { readonly kind: 'any' }
  | { readonly kind: 'same' }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'named'; readonly name: string };

/** What a step does. */
export type Work =
  | { readonly kind: 'action'; readonly action: Named }
  | {
      readonly kind: 'agent';
      readonly agent: DraftAgent;
      readonly agentAt: At;
      readonly action: Named;
      readonly gates: readonly AskedGate[];
    }
  | { readonly kind: 'approval'; readonly policy: AskedPolicy }
  | { readonly kind: 'pipeline'; readonly pipeline: string }
  | {
      readonly kind: 'handoff';
      readonly action: Named;
      readonly tester: AgentRef;
      readonly developer: AgentRef;
      readonly integration: boolean;
    }
  /** It could not be read, and that is reported: the rest of the step is still looked at. */
  | { readonly kind: 'faulty' };

/** A step as the file has it, before it is known what comes before what. */
export interface Draft extends At {
  readonly givenId: Named | null;
  readonly name: Named | null;
  /** Null where the file does not say. */
  readonly dependsOn: readonly Named[] | null;
  readonly parallel: boolean;
  readonly when: Field | null;
  readonly repository: Field | null;
  readonly map: { readonly over: YamlNode; readonly concurrency: number } | null;
  /** The repositories that it is mapped over; null: it is about one, or about none. */
  readonly repositories:
    | { readonly kind: 'all' }
    /** The run's own repository; in a run without one all of the project. */
    | { readonly kind: 'project' }
    | { readonly kind: 'named'; readonly names: readonly string[] }
    | { readonly kind: 'expression'; readonly node: YamlNode }
    | null;
  readonly timeoutMs: number | null;
  readonly retry: ((usual: RetryPolicy) => RetryPolicy) | null;
  readonly questions: QuestionSettings | null;
  /** Required actions, each a text; null where the file does not say. */
  readonly checklist: readonly YamlNode[] | null;
  readonly sandbox: StepSandbox | null;
  readonly contextTokens: number | null;
  readonly params: readonly YamlEntry[];
  readonly work: Work;
  /** Asked of people before the step starts. */
  readonly approvalBefore: AskedPolicy | null;
  /** Its agent acts only after an approval: by this policy where none comes directly before the step. */
  readonly asksFirst: { readonly policy: AskedPolicy | null; readonly at: At } | null;
}
