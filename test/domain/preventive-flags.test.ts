import { withPreventiveFlags } from '../../src/domain/preventive-flags.js';

const FLAGS = '--forceExit --detectOpenHandles';
const SCRIPTS = {
  test: 'jest --ci',
  esm: 'NODE_ENV=test node --experimental-vm-modules node_modules/jest/bin/jest.js',
  whole: 'jest --forceExit --detectOpenHandles=false',
  more: 'tsc && jest',
  named: 'jest -- a b',
  other: 'vitest run',
};

describe('withPreventiveFlags', () => {
  it.each([
    ['jest', `jest ${FLAGS}`],
    ['jest src --ci', `jest ${FLAGS} src --ci`],
    ['CI=1 TZ=UTC node_modules/.bin/jest -- a.test.js', `CI=1 TZ=UTC node_modules/.bin/jest ${FLAGS} -- a.test.js`],
    ['npx jest', `npx jest ${FLAGS}`],
    ['npx --no -y jest --ci', `npx --no -y jest ${FLAGS} --ci`],
    ['npm exec -- jest', `npm exec -- jest ${FLAGS}`],
    ['pnpm exec jest', `pnpm exec jest ${FLAGS}`],
    ['yarn jest', `yarn jest ${FLAGS}`],
    [
      'node --experimental-vm-modules node_modules/jest/bin/jest.js',
      `node --experimental-vm-modules node_modules/jest/bin/jest.js ${FLAGS}`,
    ],
    ['npm run build  &&  jest', `npm run build && jest ${FLAGS}`],
    ['jest --forceExit', 'jest --detectOpenHandles --forceExit'],
    ['jest --detectOpenHandles=false', 'jest --forceExit --detectOpenHandles=false'],
  ])('gives Jest what keeps it from hanging: %s', (command, flagged) => {
    expect(withPreventiveFlags(command, SCRIPTS)).toBe(flagged);
  });

  it.each([
    ['npm test', `npm test -- ${FLAGS}`],
    ['npm t -s', `npm t -s -- ${FLAGS}`],
    ['npm test -- --coverage', `npm test -- --coverage ${FLAGS}`],
    ['npm run --silent esm', `npm run --silent esm -- ${FLAGS}`],
    ['npm run-script test', `npm run-script test -- ${FLAGS}`],
    ['A=b pnpm run test', `A=b pnpm run test ${FLAGS}`],
    ['pnpm test', `pnpm test ${FLAGS}`],
    ['yarn esm', `yarn esm ${FLAGS}`],
  ])('knows a script that is nothing but Jest: %s', (command, flagged) => {
    expect(withPreventiveFlags(command, SCRIPTS)).toBe(flagged);
  });

  it.each([
    'jest --forceExit --no-detectOpenHandles',
    'npm run whole',
    'npm run more',
    'npm run named',
    'npm run other',
    'npm run missing',
    'npm run constructor',
    'npm run',
    'npm test --workspace=a',
    'npm --prefix sub test',
    'npm ci',
    'npm',
    'npm exec jest',
    'npx',
    'npx -y',
    'A=b',
    '',
    'jest-runner  --x',
    'vitest run && eslint .',
    'jest | tee log',
    'jest "a b"',
    'jest & wait',
    'echo jest',
  ])('leaves alone what has them, is something else, or is more than plain words: %s', (command) => {
    expect(withPreventiveFlags(command, SCRIPTS)).toBe(command);
  });
});
