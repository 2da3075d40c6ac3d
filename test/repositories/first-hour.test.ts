import { appendFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { tutorialCommands } from './tutorial.js';
import { RunningPlatform } from '../e2e/running-platform.js';
import { ModelServer } from '../agents/model/model-server.js';
import { checkOut, REPOSITORIES, type PublicRepository } from './catalogue.js';
import { engineer } from './engineer.js';
import { ENVIRONMENT, FirstHour, type Hour } from './first-hour.js';

const HOUR_MS = 60 * 60_000;
/** `all` of the catalogue, or folders of this machine as `PROGRAM=FOLDER,…`; unset: those of the suite. */
const GIVEN = process.env['BATON_TEST_REPOSITORIES'];
/** Where the stopwatch writes what it measured, as Markdown; unset: nowhere. */
const STOPWATCH = process.env['BATON_TEST_STOPWATCH'];

const given = (list: string): readonly PublicRepository[] =>
  list.split(',').map((entry) => {
    const [program, folder] = entry.split('=') as [PublicRepository['program'], string];
    return { name: basename(folder), kind: 'given', isInSuite: false, program, source: { folder } };
  });

const repositories =
  GIVEN === undefined
    ? REPOSITORIES.filter(({ isInSuite }) => isInSuite)
    : GIVEN === 'all'
      ? REPOSITORIES
      : given(GIVEN);

const model = new ModelServer();
model.mind = engineer;
beforeAll(() => model.listen());
afterEach(() => RunningPlatform.removeAll());
afterAll(() => model.close());

const report = ({ name, kind, program }: PublicRepository, { log }: Hour): string =>
  [
    `### ${name} (${kind}, ${program})`,
    '',
    '| Seconds | |',
    '|---:|---|',
    ...log.map(({ seconds, what }) => `| ${seconds} | ${what} |`),
    '',
    '',
  ].join('\n');

it(
  'the tutorial of the docs ends with the change in the clone',
  async () => {
    const published = REPOSITORIES.find(({ name }) => name === 'pflag')!;
    const clone = checkOut(published);
    const platform = await RunningPlatform.start({ demo: false, environment: ENVIRONMENT });
    const hour = new FirstHour(platform, published, model.address);
    for (const command of tutorialCommands()) await hour.follow(command, clone);
    expect(readdirSync(clone)).toEqual(expect.arrayContaining(['double.go', 'twice.go', 'double_test.go']));
  },
  HOUR_MS,
);

it.each(repositories.map((repository) => [repository.name, repository] as const))(
  '%s goes from an empty data directory to a merged change by a real program',
  async (_name, repository) => {
    const startedAt = Date.now();
    const platform = await RunningPlatform.start({ demo: false, environment: ENVIRONMENT });
    const hour = new FirstHour(platform, repository, model.address, startedAt);
    hour.note('the platform is ready');
    const ended = await hour.toMerge();
    if (STOPWATCH !== undefined) appendFileSync(STOPWATCH, report(repository, ended));
    expect(ended.status).toBe('succeeded');
    // One attempt fails, as the engineer means it to; none is wasted on the set-up.
    expect(ended.attempts).toEqual([
      'implement asked',
      'implement failed gate-failed',
      'implement succeeded',
      'write-tests succeeded',
      'security-review succeeded',
      'code-review succeeded',
    ]);
    // The reviews cite what landed.
    expect(ended.reviews).toHaveLength(2);
    for (const review of ended.reviews) {
      const [, added] = /^The change adds `(.+)` to /.exec(review)!;
      expect(ended.landed).toContain(added);
    }
  },
  HOUR_MS,
);
