/** Menus for the tests: arbitrary ones, and those of the fixtures. */
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";

const argument = fc.constantFrom(
  "ro",
  "quiet",
  "console=hvc0",
  "console=xvc0",
  "console=tty0",
  "console=tty1",
  "console=ttyS0,115200n8",
  "xencons=hvc0",
  "root=/dev/xvda",
  "root=/dev/sda1",
  "root=LABEL=cloudimg-rootfs",
  "net.ifnames=0",
  "single",
  "rd_NO_LVM",
);
const gap = fc.constantFrom(" ", "\t", "  ", "\t\t");
const commandLine = fc
  .array(
    fc.tuple(gap, argument).map(([space, word]) => space + word),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));
const setting = fc.constantFrom(
  "groot=(hd0)",
  "kopt=root=/dev/hda1 ro",
  "kopt_2_6=console=hvc0",
  "defoptions=",
  "defoptions=console=hvc0",
  "altoptions=(recovery mode) single",
  "indomU=detect",
  "kopt=root=/dev/xvda ro",
);
const line = fc.oneof(
  setting.map((text) => `# ${text}`),
  commandLine.map((text) => `kernel /boot/vmlinuz-3.2.0${text}`),
  commandLine.map((text) => `\tkernel (hd0)/boot/vmlinuz-3.2.0${text}`),
  fc.constantFrom(
    "default saved",
    "default=1",
    "timeout 0",
    "title A (hd0) b",
    "\troot (hd0)",
    "uuid LABEL=x",
    "# root (hd0)",
    "",
    "   ",
    "initrd (hd0)/i",
    "password --md5 $1$gLhU0/$aW78kHK1QfV3P2b2znUoe/",
    "color cyan/blue white/blue",
    "fallback=0 1",
    "splashimage=(hd0)/boot/grub/splash.xpm.gz",
    'title=B \'quoted "words"',
    "savedefault",
    "lock",
    "a continued \\",
    "### BEGIN AUTOMAGIC KERNELS LIST",
    "## ## Start Default Options ##",
    "no-such-command (hd0) x=y",
    "###Don't change this comment - YaST2 identifier: Original name: linux###",
  ),
  fc.string(),
);

/** Menus of GRUB legacy: sensible lines and nonsense, LF and CRLF, with and without a line end at the end. */
export const menuText = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, lineEnd, closed]) => lines.join(lineEnd) + (closed ? lineEnd : ""));

/** A file of a guest in `families/fixtures`, as it is before the conversion. */
export function fixtureText(guest: string, file: string): string {
  return fs.readFileSync(path.join(__dirname, "../families/fixtures", guest, "before", file), "latin1");
}
