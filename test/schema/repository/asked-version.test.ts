import { meetsVersion } from '../../../src/schema/repository/asked-version.js';

it.each([
  ['20', 'v20.11.1', true],
  ['20', 'v24.1.0', false],
  ['>=20 <23 || ^24', 'v24.1.0', true],
  ['>=1.27', 'go version go1.26.1 linux/amd64', false],
  ['3.12', 'Python 3.12.1', true],
  ['>=3.9,<4', 'Python 3.12.1', true],
  ['>=3.9, <3.12', 'Python 3.12.1', false],
  ['~=3.8', 'Python 3.12.1', true],
  ['~=3.8.1', 'Python 3.9.0', false],
  ['==3.12.*', 'Python 3.12.1', true],
  ['>=3.9,!=3.9.1', 'Python 3.9.2', true],
  ['lts/*', 'v20.11.1', null],
  ['stable', 'rustc 1.95.0', null],
  ['20', 'no version at all', null],
])('the version %s is met by "%s": %s', (asked, found, expected) => {
  expect(meetsVersion(asked, found)).toBe(expected);
});
