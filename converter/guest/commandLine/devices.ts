/** The devices that a command line names. */
import { argumentOf, editWords, type Quotes, withValue, kernelsOwn, ownWords } from "./words";

/**
 * The words whose value is a device of the guest's. Gentoo's genkernel has `root=/dev/ram0 real_root=/dev/xvda3`: the
 * first one is its initramfs, and stays.
 */
const DEVICE_NAMES = { root: "root", real_root: "root", resume: "resume" } as const;

/** Names each device of the text anew: `root=/dev/xvda1` becomes `root=UUID=…`. */
export function nameDevices(
  text: string,
  name: (device: string, word: "root" | "resume") => string,
  quotes?: Quotes,
): string {
  return editWords(
    text,
    (word) => {
      const { name: option, value } = argumentOf(word);
      const kind = Object.hasOwn(DEVICE_NAMES, option)
        ? DEVICE_NAMES[option as keyof typeof DEVICE_NAMES]
        : undefined;
      const isDevice =
        kind !== undefined && value !== undefined && value !== "" && !/^\/dev\/ram\d*$/.test(value);
      return [isDevice ? withValue(word, name(value, kind)) : word];
    },
    quotes,
  );
}

/** Whether it says which device the root is. */
export function hasRoot(text: string): boolean {
  return ownWords(text).some((word) => argumentOf(word).name === "root");
}

/** The root that the kernel ends up with, of an entry's words: genkernel's `real_root`, else the last `root`. */
export function rootOf(given: string[]): string | undefined {
  const last = (name: string) =>
    kernelsOwn(given)
      .map(argumentOf)
      .findLast((one) => one.name === name)?.value;
  return last("real_root") ?? last("root");
}
