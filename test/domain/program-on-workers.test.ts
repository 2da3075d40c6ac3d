import type { WorkerReport } from '../../src/domain/preconditions.js';
import { programOnWorkers } from '../../src/domain/program-on-workers.js';

const worker = (
  isInstalled: boolean,
  variables: readonly string[] = [],
  loginFault: string | null = 'Run `x login`.',
): WorkerReport => ({
  programs: [
    { name: 'x', title: 'X', command: 'x-cli', install: 'npm i x', isInstalled, keys: ['A_KEY'], loginFault },
    { name: 'y', title: 'Y', command: 'y', install: 'npm i y', isInstalled: true, keys: [], loginFault: null },
  ],
  variables,
});
const of = (...workers: readonly WorkerReport[]) => programOnWorkers('x', workers);

describe('a program on the workers', () => {
  it('is not known while no worker reports it', () => {
    expect(of()).toBeNull();
    expect(programOnWorkers('z', [worker(true)])).toBeNull();
  });

  it('is told with what to do where no worker has it, or none can sign it in', () => {
    expect(of(worker(false))).toEqual({
      command: 'x-cli',
      isInstalled: false,
      signIn: null,
      fix: 'Install it with `npm i x` and restart the worker',
    });
    expect(of(worker(false), worker(true))).toEqual({
      command: 'x-cli',
      isInstalled: true,
      signIn: null,
      fix: 'Set A_KEY in the environment of the worker and restart it. Or sign in with a login: Run `x login`',
    });
  });

  it('is ready with a key or a login on one worker; the key comes first', () => {
    expect(of(worker(true), worker(true, ['A_KEY'], null))).toMatchObject({ signIn: 'key', fix: null });
    expect(of(worker(true, [], null))).toMatchObject({ signIn: 'login', fix: null });
  });
});
