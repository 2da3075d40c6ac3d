import { findTemporalOnPostgres, WITHOUT_TEMPORAL_ON_POSTGRES } from '../../scripts/setup/temporal-on-postgres.mjs';
import { git } from '../../src/git/git.js';
import { canRun, check } from './topology/health.js';
import { Person } from './topology/person.js';
import { TemporalView } from './topology/temporal-view.js';
import { Topology } from './topology/topology.js';
import { prepareWork } from './topology/work.js';

const MINUTES = 60_000;
const WORKERS = ['worker-1', 'worker-2'];

const temporalOnPostgres = findTemporalOnPostgres();
if (!temporalOnPostgres) console.warn(WITHOUT_TEMPORAL_ON_POSTGRES);

(temporalOnPostgres ? describe : describe.skip)('docker-compose.yml as processes', () => {
  const topology = new Topology({ scale: { worker: WORKERS.length } });
  const names = Object.keys(topology.services);
  let temporal: TemporalView;
  let person: Person;

  beforeAll(async () => {
    await topology.start();
    temporal = new TemporalView(topology.world);
    person = new Person(topology.world);
  }, 4 * MINUTES);

  afterAll(() => topology.stop(), MINUTES);

  const workers = () => WORKERS.map((name) => `${name}/${topology.pidOf(name) ?? 'none'}`);

  it('runs the release of Temporal that the file names, kept for 30 days, with both workers', async () => {
    const { version } = temporalOnPostgres!;
    expect(`temporalio/server:${version}`).toContain(topology.services['temporal']!.image);
    expect(await temporal.retentionDays()).toBe(30);
    await temporal.seesWorkers(workers());
  });

  it('runs as a user without rights, and starts every server again that ends', () => {
    expect(topology.world.image.user).toBe('node');
    const servers = names.filter((name) => !topology.isJob(name));
    expect(servers.filter((name) => topology.services[name]!.restart !== 'unless-stopped')).toEqual([]);
  });

  it('has a health check for every server', () => {
    const servers = names.filter((name) => !topology.isJob(name));
    expect(servers.filter((name) => !topology.services[name]!.healthcheck)).toEqual([]);
  });

  for (const service of names) {
    const { test } = topology.services[service]!.healthcheck ?? {};
    if (!test) continue;
    const here = canRun(test);
    for (const name of topology.ownNamesOf(service)) {
      (here ? it : it.skip)(
        `finds ${name} healthy${here ? '' : ` (install ${test[1]!.split(' ')[0]!} for its check)`}`,
        () => check(topology.healthOf(name)),
        MINUTES,
      );
    }
  }

  it('finds a worker not healthy that has not asked for work', async () => {
    const { argv, env } = topology.healthOf(WORKERS[0]!);
    await expect(check({ argv, env: { ...env, BATON_WORKER_NAME: 'nobody' } })).rejects.toThrow(
      'no worker of nobody has asked for work of late',
    );
  });

  it(
    'finds the api not healthy while Temporal does not answer',
    async () => {
      topology.signal('temporal', 'SIGSTOP');
      try {
        await expect(check(topology.healthOf('api'))).rejects.toThrow();
      } finally {
        topology.signal('temporal', 'SIGCONT');
      }
    },
    MINUTES,
  );

  it.each(names.filter((name) => topology.isJob(name)))(
    'runs %s again, as the next `up` does',
    (name) => topology.runJob(name),
    MINUTES,
  );

  it(
    'ends a run with one commit a step, though a worker is killed with its agent, and Temporal after it',
    async () => {
      const work = prepareWork(topology.world);
      await person.baton('repo', 'add', work.repository, '--name', 'demo');
      await person.baton('agents', 'add', work.agentFile);
      await person.baton('pipelines', 'add', work.pipelineFile, '--activate');
      const started = await person.baton('run', 'topology', '--repo', 'demo', '--json');
      const { id } = JSON.parse(started) as { id: string };
      const { workflowId } = await person.read<{ workflowId: string }>(`/runs/${id}`);
      const agentStarts = (step: string) =>
        person.sees(`/runs/${id}/events?type=agent.started`, ({ payload }) => payload?.step === step);

      await agentStarts('implement');
      const killed = await temporal.workerOf(workflowId);
      topology.signal(killed.split('/')[0]!, 'SIGKILL');
      await temporal.workerOf(workflowId, killed);
      work.letFinish('code.implement');

      await agentStarts('write-tests');
      const before = topology.signal('temporal', 'SIGKILL');
      work.letFinish('code.writeTests');
      await topology.isReplaced('temporal', before);

      await person.sees('/approvals?status=open&run=1');
      await person.baton('approve', '1', '--note', 'fine');
      await person.baton('watch', '1');

      const run = await person.read<{ status: string; branch: string }>(`/runs/${id}`);
      expect(run.status).toBe('succeeded');
      expect(await temporal.statusOf(workflowId)).toBe('COMPLETED');
      expect(await temporal.found("BatonRun = '1' and BatonRepository = 'demo'")).toContain(workflowId);

      const { items } = await person.read<{ items: { remoteUrl: string }[] }>('/repositories');
      const stepsOn = (branch: string) =>
        git(['log', '--format=%(trailers:key=Baton-Step,valueonly,separator=)', branch], {
          gitDir: items[0]!.remoteUrl,
        });
      expect(await stepsOn(run.branch)).toBe('write-tests\nimplement');
      expect(await stepsOn('main')).toBe('merge');
      await temporal.seesWorkers(workers());
    },
    6 * MINUTES,
  );
});
