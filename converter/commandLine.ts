/** What was typed, understood or refused with everything that is wrong about it. Pure. */
import type { AcceleratorChoice } from "./boot/accelerator";
import type { DiskBus } from "./boot/hardware";
import { UsageError } from "./errors";
import { parseOptions } from "./parseOptions";
import { type ConversionStep, SEQUENCE } from "./steps/progress";
import type { Family, Layout, Options } from "./types";
import { isVolumeId } from "./disk/volume";

export const HELP = `pv-to-hvm: turns a disk with an old paravirtual (PV) EC2 guest into one that boots as HVM

  pv-to-hvm inspect SOURCE [DESTINATION]   what is there and what would be done; writes nothing
  pv-to-hvm convert SOURCE DESTINATION     all the steps: partition, copy, configure, install-grub, verify
  pv-to-hvm STEP SOURCE DESTINATION        one of these steps; each goes by the record on the destination
  pv-to-hvm rehearse DISK                  boots a converted disk in QEMU on a throw-away overlay
  pv-to-hvm restore DISK                   puts the files of a converted guest back as they were
  pv-to-hvm restore FOLDER                 the same, for a guest that is mounted there (/ for this machine)
  pv-to-hvm inspect FOLDER                 a live guest or its files, in shell: what is there, what is missing
  pv-to-hvm prepare FOLDER                 its package manager installs that; today's boot stays as it is
  pv-to-hvm report [FILE]                  where Pulumi runs: a stack's migrations in a table (report --help)
  pv-to-hvm preview-report [FILE]          where Pulumi runs: a preview in words (preview-report --help)
  pv-to-hvm preflight                      where Pulumi runs: would EC2 let it happen (preflight --help)
  pv-to-hvm discover                       which PV images there are, and who uses them (discover --help)
  pv-to-hvm sweep                          where Pulumi runs: what no stack holds any more (sweep --help)

SOURCE, DESTINATION and DISK are a block device, a raw image file or an EBS volume's id (vol-…).
The source is never written to.

What shapes the result (the same for every step of a conversion):
  --for FAMILIES       instance families that it must boot on: xen,nitro (default: both)
  --layout LAYOUT      partition table of the destination: mbr (default) or gpt
  --grow               grow the root filesystem to the destination's size
  --no-rehearsal       take a guest that cannot be rehearsed, too: nothing proves that it boots

inspect, convert:
  --plan FILE          inspect: write the plan there; convert: refuse where the plan is now another one
  --summary            inspect: a few lines in place of the whole report
  --no-check           inspect: take a filesystem's own word for being whole; the conversion checks it

rehearse:
  --disk BUS           nvme, ide, sata or virtio (default: the first one that the guest has drivers for)
  --timeout SECONDS    the most a boot may take (default 3600); its limit is measured on this machine
  --memory MB          memory of the machine (default 1024)
  --accel NAME         kvm, tcg or auto (default: KVM where it works)
  --volume-id ID       the volume id of a disk that is named by its path
  --console FILE       keep the whole of the serial console there

restore:
  --root FOLDER        the guest is mounted there: the same as naming the folder
  --force              also where a file was changed after the conversion; that version is kept beside it

everywhere:
  --json               print the report as JSON, and nothing else, on standard output
  --expect DIGEST      fail unless this program's file has this SHA-256 (its first 16 hexadecimal digits)
  --help, --version

Exit status: 0 done or nothing to do, 2 wrong usage, 3 refused before anything was written,
4 failed on the way.
`;

export type StepCommand = "inspect" | "convert" | ConversionStep;

const DISK_BUSES: DiskBus[] = ["nvme", "ide", "sata", "virtio"];

interface Common {
  json: boolean;
  expect?: string;
}

export type Command =
  | ({
      name: StepCommand;
      source: string;
      destination?: string;
      options: Options;
      planFile?: string;
      /** A few lines in place of the whole report. */
      summary: boolean;
      /** Whether filesystems are gone through from end to end. */
      check: boolean;
    } & Common)
  | ({
      name: "rehearse";
      disk: string;
      timeoutSeconds: number;
      memoryMb: number;
      accelerator: AcceleratorChoice;
      volumeId?: string;
      /** Where the whole of the serial console is to be kept. */
      consoleFile?: string;
      /** Absent: the first one that the guest has drivers for. */
      diskBus?: DiskBus;
    } & Common)
  | ({ name: "restore"; guest: string; isFolder: boolean; force: boolean } & Common)
  | { name: "help" | "version"; json: false; expect?: undefined };

const FLAGS = {
  for: { type: "string" },
  layout: { type: "string" },
  grow: { type: "boolean" },
  "no-rehearsal": { type: "boolean" },
  plan: { type: "string" },
  summary: { type: "boolean" },
  "no-check": { type: "boolean" },
  json: { type: "boolean" },
  expect: { type: "string" },
  disk: { type: "string" },
  timeout: { type: "string" },
  memory: { type: "string" },
  accel: { type: "string" },
  "volume-id": { type: "string" },
  console: { type: "string" },
  root: { type: "string" },
  force: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

const COMMANDS: string[] = ["inspect", "convert", ...SEQUENCE, "rehearse", "restore"];

/** The program on a helper is the converter alone; in the package, others are asked before it. */
const ELSEWHERE = ["report", "preview-report", "preflight", "discover", "sweep", "prepare"];

const EVERYWHERE = ["json", "expect"];
const CONVERTING = ["for", "layout", "grow", "no-rehearsal"];
/** The flags of the commands that do not take just those of a conversion. */
const FLAGS_OF: Record<string, string[]> = {
  inspect: [...CONVERTING, "plan", "summary", "no-check"],
  convert: [...CONVERTING, "plan"],
  rehearse: ["disk", "timeout", "memory", "accel", "volume-id", "console"],
  restore: ["root", "force"],
};

type Values = Partial<Record<keyof typeof FLAGS, string | boolean>>;

/** Understands the arguments behind the program's name. Throws `UsageError` with one line for each thing wrong. */
export function parseCommandLine(argv: string[]): Command {
  const { values, positionals } = tokenize(argv);
  if (values.help) return { name: "help", json: false };
  if (values.version) return { name: "version", json: false };
  const [name, ...disks] = positionals;
  if (ELSEWHERE.includes(name)) {
    throw new UsageError(
      `${name}: this is the converter by itself. Run \`npx --no pv-to-hvm ${name}\`, the package's command, where the package is installed.`,
    );
  }
  if (!COMMANDS.includes(name)) {
    throw new UsageError(
      `${name === undefined ? "no command" : `${name}: no such command`}. Commands are ${[...COMMANDS, ...ELSEWHERE].join(", ")}; --help tells more.`,
    );
  }
  const problems = [...misplacedFlags(name, values), ...wrongDisks(name, disks, values)];
  if (values.summary && values.json) problems.push("--summary: has no meaning for --json. Leave it out.");
  const command = commandOf(name, disks, values, problems);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return command;
}

function commandOf(name: string, disks: string[], values: Values, problems: string[]): Command {
  switch (name) {
    case "rehearse":
      return rehearseCommand(disks, values, problems);
    case "restore":
      return restoreCommand(disks, values);
    default:
      return stepCommand(name as StepCommand, disks, values, problems);
  }
}

function tokenize(args: string[]): { values: Values; positionals: string[] } {
  const dash = args.some((word) => /^-[^-]./.test(word))
    ? " A file whose name begins with a dash is named with its folder: ./-NAME."
    : "";
  const config = { args, options: FLAGS, allowPositionals: true };
  return parseOptions(config, `--help tells what there is.${dash}`);
}

function misplacedFlags(name: string, values: Values): string[] {
  const allowed = [...EVERYWHERE, ...(FLAGS_OF[name] ?? CONVERTING)];
  return Object.keys(values)
    .filter((flag) => !allowed.includes(flag))
    .map((flag) => `--${flag}: has no meaning for ${name}. Leave it out.`);
}

const DISKS_OF: Record<string, string> = { rehearse: "DISK", inspect: "SOURCE [DESTINATION]" };

function wrongDisks(name: string, disks: string[], values: Values): string[] {
  if (name === "restore") return wrongGuests(disks, text(values.root));
  const wanted = DISKS_OF[name] ?? "SOURCE DESTINATION";
  const words = wanted.split(" ");
  if (disks.includes("")) return [emptyName(name)];
  const least = words.filter((word) => !word.startsWith("[")).length;
  return disks.length >= least && disks.length <= words.length
    ? []
    : [`${name}: takes ${wanted}, got ${disks.length === 0 ? "none" : disks.join(" ")}.`];
}

/** `convert "$source" "$destination"` with a variable that was never set. */
function emptyName(command: string): string {
  return `${command}: one of the names is empty (""). Look whether a variable in the command was not set.`;
}

function wrongGuests(disks: string[], root: string | undefined): string[] {
  if ([...disks, root].includes("")) return [emptyName("restore")];
  const guests = root === undefined ? disks : [...disks, `--root ${root}`];
  return guests.length === 1
    ? []
    : [`restore: takes one DISK, FOLDER or --root FOLDER, got ${guests.join(" ") || "none"}.`];
}

function stepCommand(name: StepCommand, disks: string[], values: Values, problems: string[]): Command {
  const options: Options = {
    for: families(text(values.for), problems),
    layout: oneOf<Layout>("layout", text(values.layout) ?? "mbr", ["mbr", "gpt"], problems),
    grow: values.grow === true,
    rehearse: values["no-rehearsal"] !== true,
  };
  return {
    name,
    source: disks[0],
    destination: disks[1],
    options,
    planFile: text(values.plan),
    summary: values.summary === true,
    check: values["no-check"] !== true,
    ...common(values),
  };
}

function rehearseCommand(disks: string[], values: Values, problems: string[]): Command {
  const volumeId = text(values["volume-id"]) ?? (isVolumeId(disks[0] ?? "") ? disks[0] : undefined);
  if (volumeId !== undefined && !isVolumeId(volumeId))
    problems.push(`--volume-id: ${volumeId} is no volume id. Give it as vol-0123456789abcdef0.`);
  return {
    name: "rehearse",
    disk: disks[0],
    timeoutSeconds: positive("timeout", text(values.timeout) ?? "3600", problems),
    memoryMb: positive("memory", text(values.memory) ?? "1024", problems),
    accelerator: oneOf<AcceleratorChoice>(
      "accel",
      text(values.accel) ?? "auto",
      ["auto", "kvm", "tcg"],
      problems,
    ),
    volumeId,
    consoleFile: text(values.console),
    diskBus: diskBus(text(values.disk), problems),
    ...common(values),
  };
}

function diskBus(value: string | undefined, problems: string[]): DiskBus | undefined {
  return value === undefined ? undefined : oneOf<DiskBus>("disk", value, DISK_BUSES, problems);
}

function restoreCommand(disks: string[], values: Values): Command {
  const root = text(values.root);
  return {
    name: "restore",
    guest: root ?? disks[0],
    isFolder: root !== undefined,
    force: values.force === true,
    ...common(values),
  };
}

function common(values: Values): Common {
  return { json: values.json === true, expect: text(values.expect) };
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function families(value: string | undefined, problems: string[]): Family[] {
  if (value === undefined) return ["xen", "nitro"];
  const known: Family[] = ["xen", "nitro"];
  const wrong = value.split(",").filter((name) => !known.includes(name as Family));
  if (wrong.length > 0)
    problems.push(`--for: "${wrong.join(",")}" is no family. Give xen, nitro or xen,nitro.`);
  return known.filter((name) => value.split(",").includes(name));
}

function oneOf<T extends string>(flag: string, value: string, allowed: T[], problems: string[]): T {
  if (!allowed.includes(value as T))
    problems.push(`--${flag}: must be ${allowed.join(" or ")}, got ${value}.`);
  return value as T;
}

function positive(flag: string, value: string, problems: string[]): number {
  if (!/^[0-9]+$/.test(value) || Number(value) === 0)
    problems.push(`--${flag}: must be a whole number above 0, got ${value}.`);
  return Number(value);
}
