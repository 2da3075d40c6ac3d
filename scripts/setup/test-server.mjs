import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadProgram, inScratch, putInPlace } from './download.mjs';
import { firstWay } from './first-way.mjs';
import { cacheDirectory, cachedProgram } from './paths.mjs';
import { isExecutable, onPath, run } from './run.mjs';
import { SetupError } from './step.mjs';

const version = '1.38.0';
const mavenTimeoutMs = 5 * 60_000;
const jars = join(cacheDirectory, `temporal-test-server-${version}`);

/** Temporal's time-skipping server, in which thirty days of waiting take a second; tests only. */
export async function ensureTestServer(step) {
  const cached = cachedProgram('temporal-test-server');
  if (isExecutable(cached)) return cached;
  const archive = { artifact: 'temporal-test-server', version: 'default', destination: cached };
  return firstWay(step, [() => downloadProgram(step, archive), () => takeFromMaven(step, cached)], {
    missing: 'there is no time-skipping test server',
    mend: 'Install Java and Maven (Debian: apt-get install default-jre-headless maven) and start again.',
  });
}

async function takeFromMaven({ announce }, destination) {
  if (!onPath('mvn') || !onPath('java')) throw new SetupError('Java and Maven are not both installed');
  announce('taking it from Maven Central');
  await inScratch(async (scratch) => {
    await writeFile(join(scratch, 'pom.xml'), pom());
    const copied = join(scratch, 'jars');
    await run(['mvn', '-B', '-q', 'dependency:copy-dependencies', `-DoutputDirectory=${copied}`], {
      cwd: scratch,
      timeoutMs: mavenTimeoutMs,
    });
    await rm(jars, { recursive: true, force: true });
    await mkdir(cacheDirectory, { recursive: true });
    await rename(copied, jars);

    const wrapper = join(scratch, 'temporal-test-server');
    await writeFile(wrapper, launcher());
    await chmod(wrapper, 0o755);
    await putInPlace(wrapper, destination);
  });
  return `from Maven Central to ${destination}`;
}

const launcher = () => `#!/bin/sh
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '${jars}/*' io.temporal.testserver.TestServer "$@"
`;

const pom = () => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>baton</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
    <!-- Nobody reads its log, and without this it complains of having none. -->
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;
