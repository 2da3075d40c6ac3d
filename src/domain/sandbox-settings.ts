/** What the programs of an agent, or of a step, may take; what is left out is as Baton has it. */
export interface SandboxSettings {
  readonly memoryMib?: number | undefined;
  /** Such as 0.5. */
  readonly cpus?: number | undefined;
  readonly processes?: number | undefined;
  /** Of one file. */
  readonly fileMib?: number | undefined;
  /** Of worktree and home together, with what is there before. */
  readonly diskMib?: number | undefined;
}

/** What a step says of its sandbox: it holds in place of what the entry of its agent says. */
export interface StepSandbox extends SandboxSettings {
  /** Of the hosts that the agent's entry allows only these (`name:port`); left out: all of them. */
  readonly hosts?: readonly string[];
}

/** What a coding agent and the repository's own tools may take (R7.3); `cpus` is what is free. */
export const USUAL_SANDBOX = {
  memoryMib: 4_096,
  // More than any build starts, less than what a fork bomb needs to stop the host.
  processes: 4_096,
  fileMib: 4_096,
  diskMib: 20_480,
} as const satisfies SandboxSettings;

/** The memory of an agent that does one thing and ends, unless its entry says otherwise (R7.3). */
export const ONE_SHOT_MIB = 512;

/** The least and the most of each. */
export const SANDBOX_BOUNDS = {
  memoryMib: [16, 65_536],
  cpus: [0.05, 1_024],
  processes: [8, 32_768],
  fileMib: [1, 1_048_576],
  diskMib: [1, 1_048_576],
} as const satisfies Record<keyof SandboxSettings, readonly [number, number]>;

/** Where, on the sandbox's own loopback, the proxy is that leads out of it. */
export const PROXY_PORT = 3_128;

/** Whether it is written as an allowed host is, such as `api.example.com:443` or `*.example.com:443`. */
export const isAllowedHost = (text: string): boolean => /^(?:\*\.)?[A-Za-z0-9.-]{1,253}:\d{1,5}$/.test(text);

/** The host of an address as an allow-list names it. */
export function hostOf(url: string): `${string}:${number}` {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)}`;
}

/** Which of a step's hosts its agent's entry does not allow: by their very name, or by `*.` before the end of it. */
export function hostsBeyond(wanted: readonly string[], allowed: readonly string[]): string[] {
  const names = allowed.map((host) => host.toLowerCase());
  return wanted.filter((host) => {
    const name = host.toLowerCase();
    return !names.some((known) => known === name || (known.startsWith('*.') && name.endsWith(known.slice(1))));
  });
}
