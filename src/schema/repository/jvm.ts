import type { Part } from './part.js';
import { firstOf, has, textOf, type RepositoryFiles } from './repository-files.js';

const SET_UP_TIME = '30m';

/** Maven, by its wrapper where there is one. */
export function detectMaven(files: RepositoryFiles): Part | null {
  if (!has(files, 'pom.xml')) return null;
  const maven = `${has(files, 'mvnw') ? './mvnw' : 'mvn'} -B -ntp`;
  const poms = files.paths.filter((path) => path === 'pom.xml' || path.endsWith('/pom.xml'));
  const isMultiModule = textOf(files, 'pom.xml').includes('<modules>');
  return {
    packageManager: 'maven',
    because: 'pom.xml',
    setup: {
      // Surefire resolves what runs the tests only when it runs one. What that one says is not asked for here.
      command: `${maven} test -Dtest=${testClass(files)} -Dmaven.test.failure.ignore=true -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false`,
      network: true,
      lockFiles: isMultiModule ? poms.slice(0, 100) : ['pom.xml'],
      cache: [],
      timeout: SET_UP_TIME,
      why: "everything that the tests need is resolved into Maven's own repository, by running one test class",
    },
    test: {
      command: `${maven} -o test`,
      junit: [isMultiModule ? '**/target/surefire-reports/*.xml' : 'target/surefire-reports/*.xml'],
      timeout: SET_UP_TIME,
      why: 'Surefire writes JUnit, a file for each class',
    },
    doubts: textOf(files, 'pom.xml').includes('jacoco-maven-plugin')
      ? ['coverage: JaCoCo writes neither lcov nor Cobertura, so no coverage command is proposed']
      : [],
  };
}

/** The test class with the shortest path, which is seldom a large one. */
function testClass({ paths }: RepositoryFiles): string {
  const classes = paths.filter((path) => /(^|\/)src\/test\/.*\/(?!Abstract)\w+Test\.(java|kt)$/.test(path));
  const [found] = classes.sort((one, other) => one.length - other.length || one.localeCompare(other));
  return found === undefined ? 'NoSuchTest' : found.slice(found.lastIndexOf('/') + 1, found.lastIndexOf('.'));
}

const BUILD_FILES = ['build.gradle.kts', 'build.gradle', 'settings.gradle.kts', 'settings.gradle'];

/** Gradle, by its wrapper where there is one. */
export function detectGradle(files: RepositoryFiles): Part | null {
  const marker = firstOf(files, BUILD_FILES);
  if (marker === null || has(files, 'pom.xml')) return null;
  const gradle = `${has(files, 'gradlew') ? './gradlew' : 'gradle'} --no-daemon`;
  const settings = textOf(files, 'settings.gradle') + textOf(files, 'settings.gradle.kts');
  const isMultiProject = /\binclude\b/.test(settings);
  const canDryRun = knowsTestDryRun(textOf(files, 'gradle/wrapper/gradle-wrapper.properties'));
  const buildFiles = files.paths.filter((path) =>
    /(^|\/)(build|settings)\.gradle(\.kts)?$|^gradle\/[^/]*\.toml$|(^|\/)gradle\.lockfile$/.test(path),
  );
  return {
    packageManager: 'gradle',
    because: marker,
    setup: {
      command: `${gradle} ${canDryRun ? 'test --test-dry-run' : 'testClasses'}`,
      network: true,
      lockFiles: buildFiles.slice(0, 100),
      cache: [],
      timeout: SET_UP_TIME,
      why: "everything that the tests need is resolved into Gradle's own cache, without running a test",
    },
    test: {
      command: `${gradle} --offline --no-build-cache test`,
      junit: [isMultiProject ? '**/build/test-results/test/*.xml' : 'build/test-results/test/*.xml'],
      timeout: SET_UP_TIME,
      why: 'Gradle writes JUnit, a file for each class; results of earlier runs are not taken from its build cache',
    },
    doubts: canDryRun
      ? []
      : ['this Gradle may be older than 8.3: what tests need only at run time may be missing without network'],
  };
}

/** `--test-dry-run` is there since Gradle 8.3. */
function knowsTestDryRun(wrapper: string): boolean {
  const [, major = '0', minor = '0'] = /gradle-(\d+)\.(\d+)/.exec(wrapper) ?? [];
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 3);
}
