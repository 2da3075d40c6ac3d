/** Of a processor that Baton knows the numbers of. */
interface Numbers {
  readonly audit: number;
  readonly denied: readonly number[];
  readonly clone: number;
  readonly clone3: number;
  readonly unshare: number;
  readonly socket: number;
  readonly ioctl: number;
}

// The same on every processor: io_uring_*, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, quotactl_fd.
const DENIED_EVERYWHERE = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443];

/**
 * The order of `denied`: mount, umount2, pivot_root, setns, add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd,
 * kexec_load, kexec_file_load, init_module, finit_module, delete_module, quotactl, acct, swapon, swapoff, reboot, open_by_handle_at.
 */
const NUMBERS: Readonly<Partial<Record<NodeJS.Architecture, Numbers>>> = {
  x64: {
    audit: 0xc000003e,
    denied: [
      ...[165, 166, 155, 308, 248, 249, 250, 321, 298, 323],
      ...[246, 320, 175, 313, 176, 179, 163, 167, 168, 169, 304],
    ],
    clone: 56,
    clone3: 435,
    unshare: 272,
    socket: 41,
    ioctl: 16,
  },
  arm64: {
    audit: 0xc00000b7,
    denied: [
      ...[40, 39, 41, 268, 217, 218, 219, 280, 241, 282],
      ...[104, 294, 105, 273, 106, 60, 89, 224, 225, 142, 265],
    ],
    clone: 220,
    clone3: 435,
    unshare: 97,
    socket: 198,
    ioctl: 29,
  },
};

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const CLONE_NEWUSER = 0x1000_0000;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const FAMILIES = [1, 2, 10, 16];
/** TIOCSTI types on behalf of whoever sits at a terminal, TIOCLINUX pastes. */
const TERMINAL_INPUT = [0x5412, 0x541c];
/** Numbers above are those of a second table of x86-64. */
const X32 = 0x4000_0000;

/**
 * What the kernel refuses a sandbox beside what its namespaces hide, as a filter for `bwrap --seccomp`: another user
 * namespace, in which it would be root and reach much more of the kernel; mounts; keyrings, which no namespace separates; sockets
 * of other kinds than programs need, among them those that lead from a virtual machine to its host; typing into a
 * terminal. Null on processors whose numbers are not known here.
 */
export function seccompFilter(processor: NodeJS.Architecture = process.arch): Buffer | null {
  const numbers = NUMBERS[processor];
  if (!numbers) return null;
  const { audit, denied, clone, clone3, unshare, socket, ioctl } = numbers;
  return encode([
    LOAD(ARCHITECTURE),
    SKIP_IF_EQUAL(audit),
    REFUSE(ENOSYS),
    LOAD(NUMBER),
    ...(processor === 'x64' ? [SKIP_IF_LESS(X32), REFUSE(ENOSYS)] : []),
    ...[...denied, ...DENIED_EVERYWHERE].flatMap((number) => [SKIP_UNLESS_EQUAL(number), REFUSE(EPERM)]),
    // Its flags lie in memory that a filter cannot read: libraries then take the older call.
    ...[SKIP_UNLESS_EQUAL(clone3), REFUSE(ENOSYS)],
    ...[clone, unshare].flatMap((number) =>
      onlyFor(number, [LOAD(argument(0)), SKIP_UNLESS_ANY(CLONE_NEWUSER), REFUSE(EPERM)]),
    ),
    ...onlyFor(ioctl, [
      LOAD(argument(1)),
      ...TERMINAL_INPUT.flatMap((request) => [SKIP_UNLESS_EQUAL(request), REFUSE(EPERM)]),
    ]),
    ...onlyFor(socket, [
      LOAD(argument(0)),
      ...FAMILIES.flatMap((family) => [SKIP_UNLESS_EQUAL(family), ALLOW]),
      REFUSE(EAFNOSUPPORT),
    ]),
    ALLOW,
  ]);
}

// The classic machine of BPF, see seccomp(2) and linux/filter.h; jumps are relative to the next instruction.
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** Offsets in `struct seccomp_data`; of arguments the lower half. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (index: number): number => 16 + 8 * index;

const LOAD = (offset: number): Instruction => [0x20, 0, 0, offset];
const SKIP_IF_EQUAL = (value: number): Instruction => [0x15, 1, 0, value];
const SKIP_UNLESS_EQUAL = (value: number): Instruction => [0x15, 0, 1, value];
const SKIP_IF_LESS = (value: number): Instruction => [0x35, 0, 1, value];
const SKIP_UNLESS_ANY = (bits: number): Instruction => [0x45, 0, 1, bits];
const REFUSE = (errno: number): Instruction => [0x06, 0, 0, 0x0005_0000 | errno];
const ALLOW: Instruction = [0x06, 0, 0, 0x7fff_0000];

/** Rules that look at the arguments of one call; afterwards its number is loaded again. */
const onlyFor = (number: number, rules: readonly Instruction[]): Instruction[] => [
  [0x15, 0, rules.length + 1, number],
  ...rules,
  LOAD(NUMBER),
];

function encode(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach(([code, ifTrue, ifFalse, value], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  });
  return bytes;
}
