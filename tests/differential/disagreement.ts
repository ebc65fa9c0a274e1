import type { ThreeWays } from "./threeWays";

/** Why the three do not say the same, as a sentence; `undefined` where they do, or where the guest is refused. */
export function disagreement({ legacy, plan, result }: ThreeWays): string | undefined {
  if (Array.isArray(plan) || !result) return undefined;
  const { started } = result;
  const reported = plan.boot.kernel.replace(/^.*vmlinuz-/, "");
  const said = `GRUB 0.97 starts ${legacy.kernel ?? "nothing"}, the report names ${reported}, GRUB 2 starts ${started.kernel ?? "nothing"}`;
  if (legacy.kernel !== reported || started.kernel !== reported) return said;
  if (legacy.initramfsBytes !== started.initramfsBytes)
    return `GRUB 0.97 loads ${legacy.initramfsBytes} bytes of initramfs, GRUB 2 ${started.initramfsBytes}`;
  if (started.waited && !legacy.waited) return "GRUB 2 waits for a key, GRUB 0.97 did not";
  const lost = lostWords(legacy.commandLine ?? "", started.commandLine ?? "");
  return lost.length > 0 ? `the kernel is no longer told ${lost.join(" ")}` : undefined;
}

/** Words of the kernel's command line that are gone: the root and the consoles are renamed on purpose. */
function lostWords(before: string, after: string): string[] {
  const plain = (line: string) =>
    line
      .replace(/["\\]/g, "")
      .split(/\s+/)
      .filter((word) => word !== "");
  const kept = new Set(plain(after));
  return plain(before).filter((word) => !/^(?:root|console)=/.test(word) && !kept.has(word));
}

/** All that one needs to see what went wrong. */
export function describe(menu: string, { legacy, plan, result }: ThreeWays): string {
  return [
    `--- the menu\n${menu}`,
    `--- GRUB 0.97\n${readable(legacy.shown)}`,
    Array.isArray(plan)
      ? `--- refused\n${plan.join("\n")}`
      : `--- the report\n${plan.boot.kernel}: ${plan.boot.why}`,
    ...(result
      ? [`--- the result's menu\n${result.menu}`, `--- GRUB 2\n${readable(result.started.shown)}`]
      : []),
  ].join("\n");
}

/** Without what moves the cursor. */
function readable(shown: string): string {
  return shown
    .replace(/\x1b\[[\d;?]*[A-Za-z]/g, " ")
    .replace(/[ \r]{2,}/g, " ")
    .replace(/\n{2,}/g, "\n")
    .trim();
}
