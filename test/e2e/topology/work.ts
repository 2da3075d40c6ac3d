import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.js';

/** Works until it may finish, so that a test can kill what it wants in the middle. */
const AGENT = `
import { existsSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
const { action } = JSON.parse(await text(process.stdin));
while (!existsSync(process.argv[2] + '/' + action)) await new Promise((resolve) => setTimeout(resolve, 50));
writeFileSync(action + '.txt', action);
console.log(JSON.stringify({ type: 'result', summary: action }));
`;

const AGENT_YAML = `
name: builder
type: custom
kind: SCRIPT
adapter: command
roles: [developer, tester]
riskLevel: AUTO
capabilities: []
entry: { argv: [node, '{directory}/agent.mjs', '{directory}'], directory: . }
`;

const PIPELINE_YAML = `
workflow: topology
trigger: manual
steps:
  - { name: Create branch, action: git.createBranch, params: { branch: topology } }
  - { name: Implement, agent: builder, action: code.implement, gates: [tests] }
  - { name: Write tests, agent: builder, action: code.writeTests, gates: [tests] }
  - { name: Open pull request, action: github.createPR, params: { title: 'feat: a change' } }
  - { name: Approval, type: human-gate, approvers: [human:team-lead] }
  - { name: Merge, action: github.merge, params: { strategy: squash } }
`;

export interface Work {
  readonly repository: string;
  readonly agentFile: string;
  readonly pipelineFile: string;
  /** Lets the agent finish an action. */
  letFinish(action: string): void;
}

/** A repository, an agent and a pipeline as files of a person; Baton's processes may read them. */
export function prepareWork({ scratch, uid }: World): Work {
  const folder = join(scratch.root, 'work');
  const [repository, agent, pipelineFile] = ['repository', 'agent', 'pipeline.yaml'].map((name) => join(folder, name));
  writeFiles(agent!, { 'agent.mjs': AGENT, 'agent.yaml': AGENT_YAML });
  writeFiles(folder, { 'pipeline.yaml': PIPELINE_YAML });
  writeFiles(repository!, { 'README.md': 'a demo\n', '.baton/repository.yaml': 'test: { command: "true" }\n' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Maya', '-c', 'user.email=maya@example.com', ...args], { cwd: repository! });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a demo');
  // git reads nobody else's repository.
  if (uid !== null) execFileSync('chown', ['--recursive', `${uid}:${uid}`, repository!]);
  return {
    repository: repository!,
    agentFile: join(agent!, 'agent.yaml'),
    pipelineFile: pipelineFile!,
    letFinish: (action) => writeFileSync(join(agent!, action), ''),
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
