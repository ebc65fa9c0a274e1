/** One change of the conversion taken back, on the converted disk: what a careless conversion would have left. */
import * as fs from "node:fs";
import * as path from "node:path";
import { inGuest, menuFile } from "./checker/checker";
import type { Converted } from "./checker/rules";
import { INSTANCE_STORE, PERSISTENT_NET_RULES, PV_GETTY_LINK } from "./guestFiles";
import { withFolder, withMount } from "./shell";

/**
 * What udev's generator makes of the kept file at the first boot, up to Debian 8 and Red Hat 6: the name eth0 belongs to
 * the source's card, so the new one (QEMU's MAC) gets the next. Debian 12 has no generator any more.
 */
const SECOND_CARD_RULES = `${PERSISTENT_NET_RULES}
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="52:54:00:12:34:56", KERNEL=="eth*", NAME="eth1"
`;

type Undo = (guest: Converted, source: string) => void;

const UNDO = {
  "initramfs drivers": ({ root }, source) => {
    const names = fs.readdirSync(path.join(source, "boot")).filter((name) => name.startsWith("initrd.img-"));
    for (const name of names) fs.copyFileSync(path.join(source, "boot", name), path.join(root, "boot", name));
  },
  "root=": (guest) => rewrite(menuFile(guest), /\broot=(?:UUID|LABEL)=\S+/g, "root=/dev/xvda1"),
  "console=": (guest) => rewrite(menuFile(guest), /console=tty\S+(?: console=tty\S+)*/g, "console=hvc0"),
  "hvc0 getty": ({ root }, source) =>
    fs.existsSync(path.join(source, PV_GETTY_LINK))
      ? fs.copyFileSync(path.join(source, PV_GETTY_LINK), path.join(root, PV_GETTY_LINK))
      : fs.copyFileSync(path.join(source, "etc/inittab"), path.join(root, "etc/inittab")),
  "fstab's /": ({ root }) =>
    rewrite(path.join(root, "etc/fstab"), /^(?:UUID|LABEL)=\S+(?=\s+\/\s)/m, "/dev/xvda1"),
  nofail: ({ root }) => rewrite(path.join(root, "etc/fstab"), /^#?\s*\/dev\/xvdb\s.*$/m, INSTANCE_STORE),
  "persistent-net rules": ({ root }) =>
    fs.writeFileSync(path.join(root, "etc/udev/rules.d/70-persistent-net.rules"), SECOND_CARD_RULES),
  "(hd0,0)": (guest) => rewrite(menuFile(guest), /\(hd0,0\)/g, "(hd0)"),
} satisfies Record<string, Undo>;

export type NegativeName = keyof typeof UNDO;

/** Takes the change back. `source`: the disk that was converted, a bare filesystem. */
export function leaveOut(what: NegativeName, disk: string, source: string): void {
  withFolder((folder) =>
    withMount(source, folder, "ro", () => inGuest(disk, "rw", (guest) => UNDO[what](guest, folder))),
  );
}

/** In place, as the file may have a second name. Throws where nothing is found: the row would prove nothing. */
function rewrite(file: string, pattern: RegExp, replacement: string): void {
  const text = fs.readFileSync(file, "utf8");
  const changed = text.replace(pattern, replacement);
  if (changed === text)
    throw new Error(`${file}: nothing in it matches ${pattern}: the change was not there to be left out`);
  fs.writeFileSync(file, changed);
}
