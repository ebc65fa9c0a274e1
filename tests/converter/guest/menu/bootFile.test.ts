import assert from "node:assert/strict";
import {
  chainLoads,
  chooseEntry,
  isGrub2Script,
  parseMenu,
  PV_GRUB_PLACES,
} from "../../../../converter/guest/menu/bootFile";
import { fixtureText } from "../texts";

describe("reading the boot file", () => {
  it("knows PV-GRUB's nine places, the whole disk's first", () => {
    assert.equal(PV_GRUB_PLACES.length, 9);
    assert.deepEqual(PV_GRUB_PLACES.slice(0, 3), [
      { device: "(hd0)", part: 0, path: "/boot/grub/menu.lst" },
      { device: "(hd0,0)", part: 1, path: "/boot/grub/menu.lst" },
      { device: "(hd0,0)", part: 1, path: "/grub/menu.lst" },
    ]);
  });

  it("reads Amazon Linux's menu", () => {
    const menu = parseMenu(fixtureText("amazon-linux-2015.09", "boot/grub/grub.conf"));
    assert.deepEqual(menu, {
      sections: menu.sections,
      default: 0,
      // Its `fallback=1` names an entry that is not there.
      fallback: [],
      timeout: 1,
      entries: [
        {
          title: "Amazon Linux 2015.09 (4.1.10-17.31.amzn1.x86_64)",
          kernel: "/boot/vmlinuz-4.1.10-17.31.amzn1.x86_64",
          initrd: "/boot/initramfs-4.1.10-17.31.amzn1.x86_64.img",
          arguments: ["root=LABEL=/", "console=hvc0"],
          device: "(hd0)",
          initrdDevice: "(hd0)",
          roots: ["(hd0)"],
        },
      ],
    });
  });

  it("reads no entry from Ubuntu's comments", () => {
    const { entries } = parseMenu(fixtureText("ubuntu-14.04", "boot/grub/menu.lst"));
    assert.deepEqual(
      entries.map(({ arguments: args }) => args.at(-1)),
      ["console=hvc0", "single"],
    );
  });

  it("takes the device off a path", () => {
    const [entry] = parseMenu(
      "title x\nkernel --no-mem-option (hd0)/boot/vmlinuz ro\ninitrd (hd0)/boot/initrd\n",
    ).entries;
    assert.deepEqual(
      [entry.kernel, entry.initrd, entry.arguments],
      ["/boot/vmlinuz", "/boot/initrd", ["ro"]],
    );
  });

  it("tells GRUB 2's language from GRUB legacy's by the text, not by the name", () => {
    assert.ok(isGrub2Script("set default=0\nmenuentry 'Linux' {\n linux /vmlinuz\n}\n"));
    assert.ok(!isGrub2Script(fixtureText("debian-7", "boot/grub/grub.cfg")));
  });

  for (const [kernel, expected] of [
    ["/boot/pvboot-x86_64.elf", true],
    ["/boot/grub/grub-x86_64-xen.bin", true],
    ["/boot/grub.xen", true],
    ["/boot/vmlinuz-2.6.18-348.el5xen", false],
    ["/boot/vmlinuz-3.13.0-48-generic", false],
  ] as const) {
    it(`${expected ? "takes" : "does not take"} ${kernel} for a second boot loader`, () => {
      assert.equal(chainLoads({ kernel }), expected);
    });
  }
});

describe("choosing the entry that boots", () => {
  const entries = ["/a", "/b", "/c"].map((kernel) => ({ title: kernel, kernel, arguments: [] }));
  const CASES: {
    it: string;
    default: number | "saved";
    fallback?: number[];
    saved?: number;
    missing?: string[];
    index: number;
    why: RegExp;
  }[] = [
    { it: "takes the default", default: 1, index: 1, why: /^default is 1$/ },
    {
      it: "takes the saved one where the default is saved",
      default: "saved",
      saved: 2,
      index: 2,
      why: /saved default is 2/,
    },
    {
      it: "takes the first fallback whose kernel is there",
      default: 0,
      fallback: [1, 2],
      missing: ["/a", "/b"],
      index: 2,
      why: /fallback is 2/,
    },
    {
      it: "stays with the default where no fallback helps",
      default: 1,
      missing: ["/b"],
      index: 1,
      why: /^default is 1, although \/b is not there$/,
    },
    {
      it: "takes the first entry for a number past the end",
      default: 7,
      index: 0,
      why: /^default is 7, past the last entry: 0 is taken$/,
    },
    {
      it: "takes the first fallback for a number past the end, as GRUB legacy does",
      default: 7,
      fallback: [9, 2],
      index: 2,
      why: /past the last entry: 2 is taken/,
    },
  ];
  for (const { it: title, fallback = [], saved = 0, missing = [], index, why, ...menu } of CASES) {
    it(title, () => {
      const chosen = chooseEntry({ default: menu.default, fallback, entries }, saved, ({ kernel }) =>
        missing.includes(kernel) ? `${kernel} is not there` : undefined,
      );
      assert.equal(chosen.index, index);
      assert.match(chosen.why, why);
    });
  }
});
