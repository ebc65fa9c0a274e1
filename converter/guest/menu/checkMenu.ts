/** What must be true of the menu on a converted disk, by the model that edits it. Pure. */
import type { Check } from "../../types";
import { readAsGrub2 } from "./grub2Reading";
import { firstChoice, parseMenu, type Menu } from "./menu";
import { deviceIn, WHOLE_DISK } from "./menuLine";

export function checkMenu(text: string): Check[] {
  const menu = parseMenu(text);
  return [checkDevices(menu), checkAgreement(menu, text)];
}

/** Words that GRUB, or update-grub, takes for a device: no title, no comment, no `chainloader (hd0)+1`. */
function checkDevices(menu: Menu): Check {
  const left = menu.sections
    .flatMap(({ lines }) => lines)
    .find(({ raw, command }) =>
      command ? deviceIn(command)?.device === WHOLE_DISK : /^# groot=\(hd0\)/.test(raw),
    );
  return {
    name: "the boot menu names (hd0,0)",
    ok: left === undefined,
    seen: left ? `still (hd0): ${left.raw.trim()}` : "no (hd0) left",
  };
}

/** The report names what GRUB legacy would start; what starts is GRUB 2's choice. */
function checkAgreement(menu: Menu, text: string): Check {
  const grub2 = readAsGrub2(text);
  const first = firstChoice(menu, 0);
  const titles = menu.entries.map(({ title }) => title);
  const isSame = titles.join("\n") === grub2.titles.join("\n") && grub2.default === first;
  return {
    name: "GRUB 2 reads the menu as GRUB legacy does",
    ok: isSame,
    seen: isSame
      ? `both start entry ${first} of ${titles.length}`
      : `GRUB 2 starts entry ${grub2.default} of ${grub2.titles.length}, GRUB legacy entry ${first} of ${titles.length}`,
  };
}
