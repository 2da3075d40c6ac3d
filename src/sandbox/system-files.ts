import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { AGENT_HOME, type Network } from './policy.js';

const MERGED = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const ETC_FOLDERS = ['/etc', '/etc/maven', '/etc/ssl', '/etc/pki', '/etc/pki/ca-trust', '/etc/pki/tls'];
const ETC = [
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'alternatives',
  // Certificates and settings by name: beside them lie the host's private keys, which some group may read.
  'ssl/certs',
  'ssl/cert.pem',
  'ssl/openssl.cnf',
  'pki/ca-trust/extracted',
  'pki/tls/certs',
  'pki/tls/cert.pem',
  'pki/tls/openssl.cnf',
  'ca-certificates',
  'ca-certificates.conf',
  'localtime',
  'nsswitch.conf',
  // Debian keeps what Maven starts with here, beside settings that may hold passwords.
  'maven/m2.conf',
  'maven/logging',
];
const ETC_JAVA = /^java(-\d+)?-openjdk$/;
const ETC_WITH_NETWORK = ['resolv.conf', 'hosts'];

/** Programs and libraries of the host, read-only, and as little of `/etc` as they need. */
export function systemArguments(network: Network): string[] {
  const java = readdirSync('/etc').filter((name) => ETC_JAVA.test(name));
  const etc = [...ETC, ...java, ...(network === 'host' ? ETC_WITH_NETWORK : [])];
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...MERGED.flatMap(mergedArguments),
    ...ETC_FOLDERS.flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...etc.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
  ];
}

/** Files of `/etc` that are made up for the sandbox, so that nothing of the host's users is seen. */
export function generatedFiles(uid: number, network: Network): Readonly<Record<string, string>> {
  return {
    '/etc/passwd': `root:x:0:0:root:/root:/usr/sbin/nologin\nagent:x:${uid}:${uid}:agent:${AGENT_HOME}:/bin/sh\n`,
    '/etc/group': `root:x:0:\nagent:x:${uid}:\n`,
    // A read-only worktree belongs to Baton: without this, git inside refuses to look at it.
    '/etc/gitconfig': '[safe]\n\tdirectory = *\n[user]\n\tname = Agent\n\temail = agent@localhost\n',
    // Without a network, test runners still look up the loopback's name: the host's other names stay unknown.
    ...(network !== 'host' && { '/etc/hosts': '127.0.0.1\tlocalhost\n::1\tlocalhost\n' }),
  };
}

function mergedArguments(path: string): string[] {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry) return [];
  return entry.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}
