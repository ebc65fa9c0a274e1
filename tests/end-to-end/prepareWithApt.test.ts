/**
 * The real apt-get and dpkg: the local cloud's live source, a Debian with a repository of its own on its disk, prepared in its own
 * root on a throw-away overlay.
 */
import * as assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildLiveSourceImage } from "../../local/images";
import { removeFolders, scratchFolder } from "../converter/disk/images";
import { sh } from "../matrix/shell";
import { hashOf } from "../live/oldGuest";
import { type LiveRun, programText, resultOf } from "../live/program";

const CACHE = path.join(__dirname, "../../.cache");
const STATE = "/var/lib/pv-to-hvm/live";

describe("prepare, with the real apt-get", function () {
  this.timeout(180_000);
  let image: string;
  let guest: OverlaidGuest;

  before(async function () {
    this.timeout(600_000);
    image = await buildLiveSourceImage({ cache: CACHE, log: (line) => console.log(`      ${line}`) });
  });
  beforeEach(() => {
    guest = new OverlaidGuest(image);
  });
  afterEach(() => {
    guest.close();
    removeFolders();
  });

  it("installs GRUB, leaves what boots today byte for byte, and does nothing the second time", () => {
    const original = guest.bootFiles();
    const first = guest.prepare();
    assert.deepEqual([first.status, first.report.outcome], [0, "CHANGED"], first.lines.join("\n"));
    assert.deepEqual(first.report.packages, ["grub-common", "grub-pc-bin"]);
    assert.deepEqual(guest.bootFiles(), original);
    // SIGPIPE is ignored: whoever writes to a pipe that is closed early says so.
    assert.doesNotMatch(first.lines.join("\n"), /write error|broken pipe|I\/O error/i);
    assert.equal(guest.prepare().report.outcome, "NOCHANGE");
  });

  it("refuses a root without room before anything is written, with what was found and what is needed", () => {
    const free = guest.fill(9000);
    const { status, report } = guest.prepare();
    assert.deepEqual([status, report.problems.length], [3, 1]);
    const [{ found, needed }] = report.problems;
    assert.match(found, /^\/: [78] MiB free\.$/);
    assert.match(needed, /^\d{2,3} MiB\.$/);
    assert.equal(guest.freeKb(), free);
  });

  it("has dpkg finish what somebody else has left unpacked, and reports that as installed", () => {
    const original = guest.bootFiles();
    guest.unpack("grub-common");
    const { status, report, lines } = guest.prepare();
    assert.deepEqual([status, report.outcome], [0, "CHANGED"], lines.join("\n"));
    assert.deepEqual(report.packages, ["grub-common", "grub-pc-bin"]);
    assert.equal(sh("chroot", guest.root, "dpkg", "--audit"), "");
    assert.deepEqual(guest.bootFiles(), original);
  });

  it("killed while packages are unpacked, leaves apt-get at work, and the next run goes on", async () => {
    const original = guest.bootFiles();
    await guest.killWhileUnpacking();
    const { status, report, lines } = guest.prepare();
    assert.deepEqual([status, report.outcome], [0, "CHANGED"], lines.join("\n"));
    assert.ok(report.packages.includes("grub-pc-bin"));
    assert.equal(sh("chroot", guest.root, "dpkg", "--audit"), "");
    assert.deepEqual(guest.bootFiles(), original);
  });
});

/** The image below, everything that is written in memory. */
class OverlaidGuest {
  readonly root: string;
  private readonly mounts: string[] = [];
  private readonly program: string;

  constructor(image: string) {
    const folder = scratchFolder();
    for (const name of ["lower", "memory", "root"]) fs.mkdirSync(path.join(folder, name));
    this.root = path.join(folder, "root");
    this.mount(path.join(folder, "lower"), "-o", "loop,ro,noload", image);
    this.mount(path.join(folder, "memory"), "-t", "tmpfs", "tmpfs");
    for (const name of ["upper", "work"]) fs.mkdirSync(path.join(folder, "memory", name));
    const layers = `lowerdir=${folder}/lower,upperdir=${folder}/memory/upper,workdir=${folder}/memory/work`;
    this.mount(this.root, "-t", "overlay", "-o", layers, "overlay");
    this.mount(`${this.root}/proc`, "-t", "proc", "proc");
    this.mount(`${this.root}/run`, "-t", "tmpfs", "tmpfs");
    this.program = path.join(folder, "pv-to-hvm.sh");
    fs.writeFileSync(this.program, programText());
  }

  private mount(place: string, ...how: string[]): void {
    sh("mount", ...how, place);
    this.mounts.push(place);
  }

  close(): void {
    for (const place of this.mounts.reverse()) sh("umount", place);
  }

  /** From outside, as `prepare FOLDER`: the program enters the folder by itself. */
  prepare(): LiveRun {
    return resultOf(spawnSync("dash", [this.program, "prepare", this.root, "--json"], { encoding: "utf8" }));
  }

  /** Leaves so many KiB free. */
  fill(freeKb: number): number {
    sh("fallocate", "-l", `${this.freeKb() - freeKb}K`, `${this.root}/filler`);
    return this.freeKb();
  }

  freeKb(): number {
    return Number(sh("df", "-k", "--output=avail", this.root).trim().split("\n")[1]);
  }

  /** Leaves a package of the guest's own repository as an installation does that is cut off. */
  unpack(name: string): void {
    const file = sh("find", `${this.root}/var/local/debian`, "-name", `${name}_*.deb`).trim();
    sh("chroot", this.root, "dpkg", "--unpack", file.slice(this.root.length));
  }

  async killWhileUnpacking(): Promise<void> {
    const child = spawn("dash", [this.program, "prepare", this.root], { stdio: "ignore" });
    const isEnded = new Promise((resolve) => child.once("exit", resolve));
    while (!this.log().includes("Unpacking") && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(child.exitCode, null, "it ended before anything was unpacked");
    child.kill("SIGKILL");
    await isEnded;
  }

  private log(): string {
    const file = `${this.root}${STATE}/log`;
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  }

  /** Of the kernel that boots today. Another one's initramfs is made anew. */
  bootFiles(): Record<string, string> {
    const files = [
      "grub/menu.lst",
      ...fs
        .readdirSync(`${this.root}/boot`)
        .filter((name) => /^(?:vmlinuz|initrd\.img)-[\d.-]+-amd64$/.test(name)),
    ];
    return Object.fromEntries(files.map((name) => [name, hashOf(`${this.root}/boot/${name}`)]));
  }
}
