import type { z } from 'zod';
import { removedRepository } from '../../schema/api/repository-change.js';
import { placedConfiguration, repositoryProposal } from '../../schema/api/repository-proposal.js';
import type { ApiClient } from '../client/api-client.js';
import type { Context } from '../context.js';
import { plain } from '../output/style.js';
import type { Interruption } from '../terminal/interruption.js';
import { askWhatNow, edit } from './ask.js';
import { followTrial, startTrial, stopTrial, type Trial } from './follow-trial.js';
import { proposalLines, trialLines } from './lines.js';

type Proposal = z.output<typeof repositoryProposal>;
type Placed = z.output<typeof placedConfiguration>;

/** What came of a first meeting. */
export interface Met {
  readonly proposal: Proposal;
  readonly trial: Trial | null;
  readonly configuration: Placed | null;
  /** Parts of the file that were not accepted, as they did not pass. */
  readonly leftOut: readonly string[];
  readonly removed: boolean;
}

interface MeetingOptions {
  readonly context: Context;
  readonly client: ApiClient;
  /** Address of the repository below the server. */
  readonly at: string;
  /** Says nothing to people: the result is one document. */
  readonly quiet: boolean;
  readonly interruption: Interruption;
}

/** The first meeting with an imported repository: what is detected, a trial of it, and what becomes of it. */
export class Meeting {
  readonly #of: MeetingOptions;

  constructor(of: MeetingOptions) {
    this.#of = of;
  }

  /** Shows what is detected; only of a repository without a configuration where that is asked for. */
  async propose(onlyWithout = false): Promise<Proposal> {
    const { client, at, context } = this.#of;
    const proposal = await client.get(`${at}/proposal`, repositoryProposal);
    if (!onlyWithout || proposal.existing === null) this.#say(proposalLines(proposal, context.style));
    return proposal;
  }

  /** Runs a trial with live output. Interrupted, it is stopped. */
  async try(config: string): Promise<Trial> {
    const { client, at, context, interruption } = this.#of;
    interruption.throwIfHappened();
    this.#say([context.style.bold('Trying it once in the sandbox')]);
    const started = await startTrial(client, at, config);
    try {
      const ended = await followTrial(client, at, started.id, (text) => this.#show(text), interruption.signal);
      this.#say(['', ...trialLines(ended, context.style), '']);
      return ended;
    } catch (error) {
      if (interruption.happened) await this.#stop(started.id);
      throw error;
    }
  }

  /** Tries what is proposed and accepts what passed; a file that is there stays. */
  async acceptPassed(proposal: Proposal): Promise<Met> {
    const trial = await this.try(proposal.existing ?? proposal.text);
    this.#of.interruption.throwIfHappened();
    const met = { proposal, trial, configuration: null, leftOut: [], removed: false };
    return proposal.existing === null ? this.#takePassed(met) : met;
  }

  /** Tries what is proposed and asks a person, until something is decided. */
  async ask(proposal: Proposal): Promise<Met> {
    const { context, interruption } = this.#of;
    let config = proposal.existing ?? proposal.text;
    let trial = await this.try(config);
    for (;;) {
      const met = { proposal, trial, configuration: null, leftOut: [], removed: false };
      switch (await askWhatNow(context, canTakePassed(trial), interruption)) {
        case 'accept':
          if (config === proposal.existing) return met;
          return { ...met, configuration: await this.#place(config, proposal.existing !== null) };
        case 'passed':
          return this.#takePassed(met);
        case 'edit':
          config = await edit(context, config, interruption);
          trial = await this.try(config);
          break;
        case 'repeat':
          trial = await this.try(config);
          break;
        case 'without':
          return met;
        case 'undo':
          await this.remove();
          return { ...met, removed: true };
      }
    }
  }

  /** Commits the parts that passed; nothing where none did. */
  async #takePassed(met: Met & { readonly trial: Trial }): Promise<Met> {
    const { config, leftOut } = met.trial.passedParts ?? { config: null, leftOut: [] };
    const configuration = config === null ? null : await this.#place(config, met.proposal.existing !== null);
    return { ...met, configuration, leftOut };
  }

  async #stop(trial: string): Promise<void> {
    const { context, client, at } = this.#of;
    context.note('Stopping the trial; Ctrl-C again ends this command at once.');
    await stopTrial(client, at, trial);
  }

  async remove(): Promise<void> {
    await this.#of.client.delete(`${this.#of.at}?purge=true`, removedRepository);
  }

  #place(config: string, replace: boolean): Promise<Placed> {
    const { client, at } = this.#of;
    return client.post(`${at}/configuration`, placedConfiguration, { body: { config, replace } });
  }

  #say(lines: readonly string[]): void {
    if (!this.#of.quiet) for (const line of lines) this.#of.context.out(line);
  }

  #show(text: string): void {
    this.#say(
      plain(text.replace(/\n$/, ''))
        .split('\n')
        .map((line) => this.#of.context.style.dim(`  ${line}`)),
    );
  }
}

/** Whether a part of what was tried can be accepted without the rest. */
const canTakePassed = ({ passed, passedParts }: Trial): boolean => !passed && (passedParts?.config ?? null) !== null;
