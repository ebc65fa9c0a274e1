/** SeaBIOS's own words, on its debugging port: whether it found anything to boot. */

/** Port of SeaBIOS's messages. */
export const FIRMWARE_PORT = "0x402";

/** SeaBIOS's words and what they mean. */
const ENDS: [RegExp, string][] = [
  [/Boot failed: not a bootable disk/, "the disk's first sector has no boot code"],
  [/Boot failed: could not read the boot disk/, "the firmware cannot read the disk"],
  [/No bootable device/, "the firmware found no disk to boot from"],
];

/** Why the firmware boots nothing, with its own words; `undefined` as long as it has not given up. */
export function firmwareFault(messages: string): string | undefined {
  const end = ENDS.find(([pattern]) => pattern.test(messages));
  return end && `${end[1]} ("${end[0].exec(messages)?.[0]}", said by SeaBIOS)`;
}
