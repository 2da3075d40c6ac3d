import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { agents } from './agents.js';
import { approval } from './approval.js';
import { briefing } from './briefing.js';
import { feed } from './feed.js';
import { graph } from './graph.js';
import { memory } from './memory.js';
import { table, type Measurement } from './measure.js';
import { System } from './system.js';
import { waiting } from './waiting.js';
import { worktree } from './worktree.js';

/** `npm run bench [-- --json FILE] [-- --only graph,approval,feed,worktree,agents,briefing,waiting,memory]` */
const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const BENCHMARKS = { graph, approval, feed, worktree, agents, briefing, waiting, memory };

const wanted = values.only?.split(',');
const system = await System.start();
const measurements: Measurement[] = [];
try {
  for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
    // The memory benchmark runs the graph's pipeline.
    if (wanted && !wanted.includes(name) && !(name === 'graph' && wanted.includes('memory'))) continue;
    console.error(`  ${name} …`);
    const measured = await benchmark(system);
    // Said at once: a later one that fails takes nothing away.
    console.error(table(measured));
    measurements.push(...measured);
  }
} finally {
  await system.stop();
}
console.log(table(measurements));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measurements, null, 2)}\n`);
process.exitCode = measurements.every(({ met }) => met) ? 0 : 1;
