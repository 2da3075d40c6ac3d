/** What one execution of an attempt began with. A second one of the same attempt: the worker of the first died. */
export interface Execution {
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string;
  /**
   * What that commit is: where the branch stood, what the attempt before left, or what was kept of an attempt that
   * broke off while its agent worked.
   */
  readonly from: 'branch' | 'previous' | 'kept';
  /** The conversation that its agent was to go on with, and the attempt that had it last; null: it was to begin anew. */
  readonly session: {
    readonly name: string;
    readonly step: string;
    readonly item: number | null;
    readonly attempt: number;
  } | null;
}

/** What a program of an attempt was held to, as it was when the program ran. */
export interface Confinement {
  /** Without its folder. */
  readonly program: string;
  /** `off`: nothing held it. */
  readonly isolation: 'bubblewrap' | 'off';
  readonly workspace: 'writable' | 'read-only';
  /** A list: by a proxy, these hosts and no other. */
  readonly network: 'none' | 'host' | readonly string[];
  /** Whether it found Baton's tools at a path of that proxy. */
  readonly tools: boolean;
  readonly memoryBytes: number;
  /** Null: all that are free. */
  readonly cpus: number | null;
  readonly processes: number;
  readonly fileBytes: number;
  readonly diskBytes: number;
  readonly timeoutMs: number;
}
