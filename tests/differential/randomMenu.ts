/** Menus at random, each out of a seed of its own: mostly sound ones, with all that goes wrong in some. */
import fc from "fast-check";
import { type Files, initramfsFile, kernelFile, KERNELS } from "./guest";

export interface RandomMenu {
  menu: string;
  files: Files;
}

/** The menu of a seed, always the same. */
export function randomMenu(seed: number): RandomMenu {
  return fc.sample(guest, { seed, numRuns: 1 })[0];
}

/** One of several, each as often as its weight says. */
function pick(...weighted: [weight: number, text: string | fc.Arbitrary<string>][]): fc.Arbitrary<string> {
  return fc.oneof(
    ...weighted.map(([weight, text]) => ({
      weight,
      arbitrary: typeof text === "string" ? fc.constant(text) : text,
    })),
  );
}

const join = (parts: fc.Arbitrary<string>[], between = ""): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(between));
const several = (part: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.array(part, { minLength, maxLength, size: "max" }).map((parts) => parts.join(""));

const digit = fc.integer({ min: 0, max: 6 }).map(String);
const number = pick(
  [12, digit],
  [2, digit.map((one) => `0x${one}`)],
  [1, digit.map((one) => `0${one}`)],
  [1, digit.map((one) => `${one}x`)],
  [1, "99"],
  [1, "-1"],
  [1, "x"],
  [1, ""],
);
const kernel = fc.integer({ min: 1, max: KERNELS });

/** Between a command and its value. */
const gap = pick([12, " "], [2, "="], [2, "\t"], [1, "  "], [1, " = "], [1, "\\\n"]);
/** Lines that mean nothing to GRUB 0.97, wherever they stand. */
const nothing = pick(
  [4, "\n"],
  [4, "# a comment\n"],
  [2, "## e.g. groot=(hd0)\n"],
  [1, "#title old\n#root (hd0)\n"],
  [1, " \t\n"],
  [1, "quiet\n"],
  [1, "nonsense x\n"],
  [1, "# ends in a backslash \\\n"],
  [1, "Root (hd0)\n"],
);
const command = (name: string, value: fc.Arbitrary<string>) =>
  join([
    pick([3, ""], [2, "\t"], [1, "  "]),
    fc.constant(name),
    gap,
    value,
    pick([9, "\n"], [1, " \n"], [1, "\r\n"]),
  ]);

const fallbacks = pick([4, number], [3, join([number, number], " ")], [1, join([number, number], ",")]);
const setting = pick(
  [5, command("default", number)],
  [2, command("default", fc.constant("saved"))],
  [4, command("fallback", fallbacks)],
  [2, nothing],
  [1, "hiddenmenu\n"],
  [1, "color cyan/blue white/blue\n"],
  [1, "password secret\n"],
  [1, command("root", fc.constant("(hd0)"))],
);

const device = pick([20, "(hd0)"], [1, "(hd0,0)"], [1, "(hd1)"], [1, "(fd0)"]);
const options = pick(
  [4, " root=LABEL=root ro console=hvc0"],
  [2, " root=LABEL=root quiet"],
  [1, ""],
  [1, ' root="LABEL=root" a=b'],
);
const kernelName = pick(
  [12, kernel.map(kernelFile)],
  [2, kernel.map((one) => `(hd0)${kernelFile(one)}`)],
  [1, "/boot/gone"],
);
const initramfsName = pick(
  [12, kernel.map(initramfsFile)],
  [2, kernel.map((one) => `(hd0)${initramfsFile(one)}`)],
  [1, "/boot/gone"],
);
const rootLine = command("root", device);
const kernelLine = command("kernel", join([pick([9, ""], [1, "--no-mem-option "]), kernelName, options]));
const initramfsLine = command("initrd", initramfsName);
/** What stands in an entry besides. */
const more = pick(
  [12, ""],
  [4, nothing],
  [2, "savedefault\n"],
  [1, "boot\n"],
  [1, "lock\n"],
  [1, "map (hd0) (hd1)\n"],
  [1, command("default", number)],
  [1, "timeout 3\n"],
  [1, kernelLine],
  [1, "pause x\n"],
);
/** A kernel's entry always has a `root`: see `menus/row.ts`. */
const body = pick(
  [12, join([rootLine, more, kernelLine, more, initramfsLine, more])],
  [2, join([rootLine, kernelLine, more])],
  [1, join([rootLine, initramfsLine, kernelLine])],
  [2, nothing],
  [1, ""],
  [1, "rootnoverify (hd0)\nchainloader (hd0)+1\n"],
  [1, "root (hd0)\nconfigfile /boot/grub/other.lst\n"],
);
const title = command(
  "title",
  pick([4, "Linux"], [2, "----"], [1, 'it\'s $1 {a} "b"'], [1, ""], [1, "on (hd0)"]),
);

/** What was done to the whole file. */
const edited = (menu: fc.Arbitrary<string>) =>
  fc.tuple(menu, fc.integer({ min: 0, max: 19 })).map(([text, how]) => {
    if (how === 0) return text.replace(/\r?\n/g, "\r\n");
    if (how === 1) return text.trimEnd();
    if (how === 2) return `\uFEFF${text}`;
    return text;
  });

const menu = edited(
  join([
    several(setting, 0, 5),
    fc.constant("timeout 0\n"),
    several(setting, 0, 1),
    several(join([title, body]), 1, 6),
  ]),
);
const savedDefault = pick(
  [3, ""],
  [3, digit.map((one) => `${one}\n${"#\n".repeat(20)}`)],
  [1, "0x1\n"],
  [1, "x\n"],
);

const guest: fc.Arbitrary<RandomMenu> = fc.tuple(menu, savedDefault).map(([text, saved]) => ({
  menu: text,
  files: {
    "/boot/grub/other.lst": `timeout 0\ntitle other\nroot (hd0)\nkernel ${kernelFile(1)}\n`,
    ...(saved === "" ? {} : { "/boot/grub/default": saved }),
  },
}));
