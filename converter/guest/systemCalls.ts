/**
 * What a program of the guest may ask the kernel for, as a filter of system calls (seccomp(2)). It runs as root, so its
 * capabilities alone leave it calls that need none: the keyrings of the machine's root, user namespaces (in one of its own it
 * would have every capability again), io_uring, and sockets to a hypervisor, which no network namespace holds back.
 */

/** Numbers of a call for programs of 64 bits and of 32: Linux's arch/x86/entry/syscalls. Absent if there is no such call. */
export interface CallNumbers {
  x86_64?: number;
  i386?: number;
}

/** What no generator of an initramfs needs. Most need a capability as well, which is not there: two walls. */
export const REFUSED_CALLS: Record<string, CallNumbers> = {
  // The keyrings belong to the user with the number 0, in whatever namespaces it is.
  add_key: { x86_64: 248, i386: 286 },
  request_key: { x86_64: 249, i386: 287 },
  keyctl: { x86_64: 250, i386: 288 },
  // Where most of the kernel's own ways out were found.
  bpf: { x86_64: 321, i386: 357 },
  userfaultfd: { x86_64: 323, i386: 374 },
  perf_event_open: { x86_64: 298, i386: 336 },
  io_uring_setup: { x86_64: 425, i386: 425 },
  io_uring_enter: { x86_64: 426, i386: 426 },
  io_uring_register: { x86_64: 427, i386: 427 },
  memfd_secret: { x86_64: 447, i386: 447 },
  // Other processes.
  ptrace: { x86_64: 101, i386: 26 },
  process_vm_readv: { x86_64: 310, i386: 347 },
  process_vm_writev: { x86_64: 311, i386: 348 },
  process_madvise: { x86_64: 440, i386: 440 },
  kcmp: { x86_64: 312, i386: 349 },
  pidfd_getfd: { x86_64: 438, i386: 438 },
  move_pages: { x86_64: 279, i386: 317 },
  migrate_pages: { x86_64: 256, i386: 294 },
  // Filesystems and namespaces.
  mount: { x86_64: 165, i386: 21 },
  umount: { i386: 22 },
  umount2: { x86_64: 166, i386: 52 },
  pivot_root: { x86_64: 155, i386: 217 },
  setns: { x86_64: 308, i386: 346 },
  open_tree: { x86_64: 428, i386: 428 },
  move_mount: { x86_64: 429, i386: 429 },
  fsopen: { x86_64: 430, i386: 430 },
  fsconfig: { x86_64: 431, i386: 431 },
  fsmount: { x86_64: 432, i386: 432 },
  fspick: { x86_64: 433, i386: 433 },
  mount_setattr: { x86_64: 442, i386: 442 },
  quotactl: { x86_64: 179, i386: 131 },
  quotactl_fd: { x86_64: 443, i386: 443 },
  open_by_handle_at: { x86_64: 304, i386: 342 },
  fanotify_init: { x86_64: 300, i386: 338 },
  lookup_dcookie: { x86_64: 212, i386: 253 },
  nfsservctl: { x86_64: 180, i386: 169 },
  // The machine.
  init_module: { x86_64: 175, i386: 128 },
  finit_module: { x86_64: 313, i386: 350 },
  delete_module: { x86_64: 176, i386: 129 },
  create_module: { x86_64: 174, i386: 127 },
  get_kernel_syms: { x86_64: 177, i386: 130 },
  query_module: { x86_64: 178, i386: 167 },
  kexec_load: { x86_64: 246, i386: 283 },
  kexec_file_load: { x86_64: 320 },
  reboot: { x86_64: 169, i386: 88 },
  swapon: { x86_64: 167, i386: 87 },
  swapoff: { x86_64: 168, i386: 115 },
  acct: { x86_64: 163, i386: 51 },
  syslog: { x86_64: 103, i386: 103 },
  sethostname: { x86_64: 170, i386: 74 },
  setdomainname: { x86_64: 171, i386: 121 },
  settimeofday: { x86_64: 164, i386: 79 },
  stime: { i386: 25 },
  clock_settime: { x86_64: 227, i386: 264 },
  clock_settime64: { i386: 404 },
  clock_adjtime: { x86_64: 305, i386: 343 },
  clock_adjtime64: { i386: 405 },
  iopl: { x86_64: 172, i386: 110 },
  ioperm: { x86_64: 173, i386: 101 },
  vm86: { i386: 166 },
  vm86old: { i386: 113 },
  vhangup: { x86_64: 153, i386: 111 },
  uselib: { x86_64: 134, i386: 86 },
  _sysctl: { x86_64: 156, i386: 149 },
  bdflush: { i386: 134 },
  // Sockets of every family by one number, whose arguments no filter can read. Without a network nothing of use is lost.
  socketcall: { i386: 102 },
};

/** Judged by their first argument. */
export const JUDGED_CALLS = {
  clone: { x86_64: 56, i386: 120 },
  unshare: { x86_64: 272, i386: 310 },
  socket: { x86_64: 41, i386: 359 },
  /** Its flags lie in memory, where no filter sees them: C libraries take clone where the kernel does not know this one. */
  clone3: { x86_64: 435, i386: 435 },
} satisfies Record<string, CallNumbers>;

/** Each CLONE_NEW… but that for the clock: linux/sched.h. */
const NEW_NAMESPACES = 0x7e02_0000;

/** Unix, IPv4, IPv6 and netlink, of the sandbox's own network: bits/socket.h. */
const SOCKET_FAMILIES = [1, 2, 10, 16];

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_I386: linux/audit.h. */
const ARCHITECTURES = { x86_64: 0xc000_003e, i386: 0x4000_0003 };
/** Of the numbers of x32, a third set of calls, which no guest has. */
const X32_BIT = 0x4000_0000;

const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
/** SECCOMP_RET_…: linux/seccomp.h. */
const ALLOW = 0x7fff_0000;
const refuse = (error: number) => 0x0005_0000 | error;

/** Of the classic Berkeley packet filter: linux/bpf_common.h. `jump`: instructions that are passed over, if it holds, and if not. */
type Instruction = [code: number, jumpIf: number, jumpElse: number, value: number];
const [LOAD, JUMP, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN] = [0x20, 0x05, 0x15, 0x35, 0x45, 0x06];

/** Offsets in `struct seccomp_data`; of the argument its lower half, in which families and flags lie. */
const [NUMBER, ARCHITECTURE, FIRST_ARGUMENT] = [0, 4, 16];

/** The filter's program, as bubblewrap's `--seccomp` reads it: `struct sock_filter`, one after the other. */
export function systemCallFilter(): Buffer {
  const [wide, narrow] = [filterFor("x86_64"), filterFor("i386")];
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    [IF_EQUAL, 1, 0, ARCHITECTURES.x86_64],
    [JUMP, 0, 0, wide.length],
    ...wide,
    [IF_EQUAL, 1, 0, ARCHITECTURES.i386],
    [RETURN, 0, 0, refuse(ENOSYS)],
    ...narrow,
  ];
  return Buffer.concat(program.map(encoded));
}

function filterFor(bits: keyof CallNumbers): Instruction[] {
  const { clone, clone3, socket, unshare } = JUDGED_CALLS;
  return [
    [LOAD, 0, 0, NUMBER],
    ...(bits === "x86_64" ? when(IF_AT_LEAST, X32_BIT, [[RETURN, 0, 0, refuse(ENOSYS)]]) : []),
    ...Object.values(REFUSED_CALLS).flatMap((numbers) => {
      const number = numbers[bits];
      return number === undefined ? [] : when(IF_EQUAL, number, [[RETURN, 0, 0, refuse(EPERM)]]);
    }),
    ...when(IF_EQUAL, clone3[bits], [[RETURN, 0, 0, refuse(ENOSYS)]]),
    ...when(IF_EQUAL, clone[bits], WITHOUT_NAMESPACES),
    ...when(IF_EQUAL, unshare[bits], WITHOUT_NAMESPACES),
    ...when(IF_EQUAL, socket[bits], OWN_SOCKETS),
    [RETURN, 0, 0, ALLOW],
  ];
}

/** What is done where the value that was loaded last is so; it ends the filter. */
function when(condition: number, value: number, then: Instruction[]): Instruction[] {
  return [[condition, 0, then.length, value], ...then];
}

const WITHOUT_NAMESPACES: Instruction[] = [
  [LOAD, 0, 0, FIRST_ARGUMENT],
  ...when(IF_ANY_BIT, NEW_NAMESPACES, [[RETURN, 0, 0, refuse(EPERM)]]),
  [RETURN, 0, 0, ALLOW],
];

const OWN_SOCKETS: Instruction[] = [
  [LOAD, 0, 0, FIRST_ARGUMENT],
  ...SOCKET_FAMILIES.flatMap((family) => when(IF_EQUAL, family, [[RETURN, 0, 0, ALLOW]])),
  [RETURN, 0, 0, refuse(EAFNOSUPPORT)],
];

function encoded([code, jumpIf, jumpElse, value]: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(jumpIf, 2);
  bytes.writeUInt8(jumpElse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
