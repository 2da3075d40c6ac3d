/** What is known of a program that people write code with, whoever runs it. */
export interface ProgramFacts {
  /** Its adapter's name. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** How it is installed, as a sentence says it. */
  readonly install: string;
  /** Who answers it: a provider's name. */
  readonly provider: string;
  /** Where its model answers, unless its agent says otherwise. */
  readonly hosts: readonly string[];
  readonly testedVersion: string;
  /** By what the contract was proved, where it was not by the program itself. */
  readonly proof: 'documentation' | null;
  /** True: it heeds the repository's own settings, and only agents that trust them run it. A list: where one of these files is. */
  readonly needsTrust: true | readonly string[] | null;
  readonly abilities: {
    readonly resume: boolean;
    readonly approvals: boolean;
    /** Whether it tells its tokens, and what they cost. */
    readonly usage: boolean;
    readonly cost: boolean;
    readonly cancel: boolean;
    readonly structuredOutput: boolean;
    /** Whether it is given Baton's tools. */
    readonly mcp: boolean;
  };
}
