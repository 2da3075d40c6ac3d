import { missingTool } from '../../src/domain/missing-tool.js';

describe('the program that a command could not find', () => {
  it.each([
    ['sh: 1: uv: not found', 'uv'],
    ['/bin/sh: 1: ./gradlew: not found\n', './gradlew'],
    ['a line\nbash: line 3: cargo: command not found', 'cargo'],
    ["env: 'node': No such file or directory", 'node'],
    ['/usr/bin/env: ‘python3.12’: No such file or directory', 'python3.12'],
    ['sh: 1: first: not found\nsh: 1: second: not found', 'second'],
    ['sh: 1: $(rm): not found', null],
    ['npm error 404 Not found', null],
    ['', null],
  ])('in %j is %j', (output, tool) => {
    expect(missingTool(output)).toBe(tool);
  });
});
