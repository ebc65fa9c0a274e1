import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { GRUB_IMAGES, makeBootLoader, writeBootLoader } from "../../../converter/boot/grubCore";
import { withDisk } from "../../../converter/disk/bytes";
import { planLayout } from "../../../converter/disk/table/layout";
import { readDisk } from "../../../converter/disk/parts";
import { writePartitionTable } from "../../../converter/disk/table/partitionTable";
import { MIB } from "../../../converter/disk/sizes";
import { run } from "../../../converter/run";
import type { Layout } from "../../../converter/types";
import { blankDisk, filesystemWith, removeFolders, scratchFolder } from "../disk/images";

const QEMU = "/usr/bin/qemu-system-x86_64";
const MENU = "default 0\ntimeout 0\ntitle Linux\n\troot (hd0,0)\n\tkernel /boot/vmlinuz root=/dev/xvda1\n";

/** A bare filesystem with a menu and something that is no kernel. */
function guestOf(type: "ext3" | "xfs"): string {
  if (type === "ext3")
    return filesystemWith({ "/boot/grub/menu.lst": MENU, "/boot/vmlinuz": "x" }, 24, ["-t", type]);
  const folder = scratchFolder();
  fs.writeFileSync(`${folder}/menu`, MENU);
  const prototype = [
    "x",
    "1 1",
    "d--755 0 0",
    "boot d--755 0 0",
    "grub d--755 0 0",
    `menu.lst ---644 0 0 ${folder}/menu`,
  ];
  const rest = ["$", `vmlinuz ---644 0 0 ${folder}/menu`, "$", "$"];
  fs.writeFileSync(`${folder}/prototype`, [...prototype, ...rest].join("\n") + "\n");
  const image = blankDisk(320);
  assert.equal(spawnSync("mkfs.xfs", ["-q", "-p", `${folder}/prototype`, image]).status, 0);
  return image;
}

async function converted(image: string, layout: Layout): Promise<string> {
  const sizeBytes = fs.statSync(image).size;
  const source = { path: image, sizeBytes, ...(await readDisk(image, sizeBytes, run)) };
  const { content } = source.parts[0];
  assert.ok(content.kind === "filesystem");
  const root = { point: "/", part: 0, filesystem: content.filesystem };
  const plan = planLayout(source, root, { for: [], layout, grow: false });
  const disk = blankDisk(Math.ceil(plan.minimumSizeBytes / MIB));
  await writePartitionTable(disk, plan, run);
  const { startBytes } = plan.partitions.find(({ from }) => from === 0) ?? { startBytes: 0 };
  spawnSync("dd", [`if=${image}`, `of=${disk}`, "bs=1M", `seek=${startBytes / MIB}`, "conv=notrunc,sparse"]);
  const { uuid: filesystemUuid } = content.filesystem;
  const boot = {
    menuFile: "/boot/grub/menu.lst",
    device: "(hd0,0)",
    filesystemUuid,
    kernel: "/boot/vmlinuz",
    why: "",
  };
  const loader = await makeBootLoader(boot, run);
  await withDisk(disk, "write", (handle) => writeBootLoader(handle, loader, plan));
  return disk;
}

/** What the serial console shows until GRUB says what it makes of the kernel. */
function consoleOf(disk: string): Promise<string> {
  const options = ["-accel", "tcg", "-m", "128", "-display", "none", "-serial", "stdio", "-no-reboot"];
  const drive = ["-drive", `file=${disk},format=raw,snapshot=on`];
  let shown = "";
  const ended = new AbortController();
  const onLine = (line: string) => {
    shown += line;
    if (/error:.*\n/.test(shown)) ended.abort();
  };
  return startQemu([QEMU, ...options, ...drive], onLine, ended.signal).then(() => shown);
}

function startQemu(command: string[], onText: (text: string) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 100_000,
    });
    child.stdout.on("data", (bytes: Buffer) => onText(bytes.toString("latin1")));
    signal.addEventListener("abort", () => child.kill("SIGKILL"));
    child.on("close", () => resolve());
  });
}

const able =
  fs.existsSync(QEMU) && fs.existsSync(`${GRUB_IMAGES}/boot.img`) && fs.existsSync("/sbin/mkfs.xfs");

describe("GRUB, started from the disk", () => {
  after(removeFolders);
  for (const [type, layout] of [
    ["ext3", "gpt"],
    ["xfs", "mbr"],
  ] as const) {
    (able ? it : it.skip)(
      `finds ${type} and runs its menu on a disk with ${layout.toUpperCase()}`,
      async function () {
        this.timeout(120_000);
        const shown = await consoleOf(await converted(guestOf(type), layout));
        assert.match(shown, /GRUB: booting from \/boot\/grub\/menu\.lst on \(hd0/);
        // Its entry was read and started; the file that it names is no kernel.
        assert.match(shown, /Booting `Linux'/);
        assert.match(shown, /couldn't load file \/boot\/vmlinuz/);
      },
    );
  }
});
