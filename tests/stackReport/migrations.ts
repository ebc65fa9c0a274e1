/** Outputs of migrations, as a stack has them. */
import type { Results } from "../../stackReport/outputs";

const GIB = 2 ** 30;

const LAYOUT = {
  source: { table: "none", bytes: 8 * GIB, parts: [] },
  destination: { table: "mbr", bytes: 9 * GIB, parts: [] },
  copyBytes: GIB,
  copies: [],
};

const REPORT: NonNullable<Results["report"]> = {
  system: "Debian GNU/Linux 7 (wheezy)",
  architecture: "x86_64",
  edits: [
    {
      path: "/etc/fstab",
      action: "edit",
      why: ["/ by UUID"],
      diff: ["-/dev/xvda1 / ext4", "+UUID=x / ext4"],
    },
  ],
  verdicts: [
    { family: "xen", boots: true, why: "xen-blkfront is there" },
    { family: "nitro", boots: false, why: "no ena" },
  ],
  warnings: [{ subject: "/boot", found: "12 MB free.", advice: "Remove old kernels." }],
  checks: [],
  rehearsal: ["login: after 47 s"],
  steps: [
    { step: "copy", outcome: "CHANGED", summary: "361 MiB copied", seconds: 3.4 },
    { step: "verify", outcome: "NOCHANGE", summary: "16 checks, all well", seconds: 0.1 },
    { step: "rehearse", outcome: "NOCHANGE", summary: "booted to login", seconds: 47 },
  ],
};

/** Published and launched; it boots on Xen types alone. */
export const PUBLISHED: Results = {
  imageId: "ami-0123456789abcdef0",
  instanceId: "i-0123456789abcdef0",
  address: "198.18.0.2",
  report: REPORT,
  bootProof: {
    virtualization: "hvm",
    vendor: "Amazon EC2",
    kernel: "3.2.0-4-amd64",
    rootDevice: "/dev/nvme0n1p1",
    rootUuid: "bdd7702c",
    addresses: ["10.0.0.7/24"],
    uptimeSeconds: 31,
  },
};

/** Inspected, and well. */
export const INSPECTED: Results = {
  report: {
    ...REPORT,
    system: "CentOS release 6.10 (Final)",
    edits: [
      "/boot/grub/menu.lst",
      "/etc/fstab",
      "/etc/sysconfig/kernel",
      "/etc/inittab",
      "/etc/securetty",
    ].map((path) => ({ path, action: "edit", why: [], diff: [`-${path} \`\`\`\` <b>`, "+new"] })),
    verdicts: ["xen", "nitro"].map((family) => ({ family, boots: true, why: "all is there" })),
    rehearsal: [],
    steps: [{ step: "inspect", outcome: "NOCHANGE", summary: "can be converted", seconds: 2 }],
  },
  plan: { rebuiltInitramfs: ["2.6.32-754: nvme"], layout: LAYOUT },
};

/** A running source that was looked at in place, and lacks room. */
export const REFUSED: Results = {
  sourceReport: {
    kind: "instance",
    id: "i-0aaaaaaaaaaaaaaaa",
    otherVolumes: [],
    inspection: {
      command: "inspect",
      outcome: "NOCHANGE",
      summary: "",
      distribution: "Debian GNU/Linux 6.0",
      runningKernel: "2.6.32",
      today: { menu: "", kernel: "" },
      ...{ kernels: [], bootFiles: [], freeMb: [], missing: [], packages: [], files: [], warnings: [] },
      problems: [{ found: "3 MB are free on /boot", needed: "40 MB", fix: "Remove old kernels." }],
    },
  },
};
