import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/examples/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 60_000,
  // Most of a test's time is waiting for other processes: by default Jest leaves one of two cores idle.
  maxWorkers: '100%',
  // Suites leave memory behind, and what forks is slow in proportion to it (measured: 2 ms at 50 MB, 190 ms at 1.3 GB).
  workerIdleMemoryLimit: '500MB',
  collectCoverageFrom: ['src/domain/**/*.ts'],
  // What is whole is left out: a line that is printed is one that no test reaches.
  coverageReporters: [['text', { skipFull: true }], 'lcov'],
  coverageThreshold: { global: { lines: 100, branches: 100 } },
};

export default config;
