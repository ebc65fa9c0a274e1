import assert from "node:assert/strict";
import fs from "node:fs";
import { applyPatch } from "diff";
import { applyEdits } from "../../../../converter/guest/apply";
import { DRIVERS, type Driver } from "../../../../converter/guest/kernel/drivers";
import { GENERATORS, type InitramfsTool } from "../../../../converter/guest/initramfs/generators";
import { readInitramfsTool } from "../../../../converter/guest/initramfs/generators/detect";
import { addModules, takeMostModules } from "../../../../converter/guest/initramfs/generators/initramfsTools";
import { addToShellList } from "../../../../converter/guest/initramfs/generators/shellList";
import {
  modulesFor,
  planInitramfsConfiguration,
} from "../../../../converter/guest/initramfs/initramfsConfiguration";
import { driverModules } from "../../../../converter/guest/kernel/modules";
import type { Plan } from "../../../../converter/types";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";

const NEW_DRACUT = "#!/bin/bash\n--add-drivers) --no-hostonly) /etc/dracut.conf.d\n";
const OLD_DRACUT = "#!/bin/bash\n--add-drivers) /etc/dracut.conf\n";

const configuredBy = (texts: Record<string, string>, knows: string[] = []) => ({
  read: (path: string): string | undefined => texts[path],
  files: Object.keys(texts),
  knows,
});

describe("the generator of a guest", () => {
  after(removePhonyGuests);
  const GUESTS: [system: string, files: Record<string, PhonyFile>, tool?: InitramfsTool, knows?: string[]][] =
    [
      ["Debian 7", { "/usr/sbin/update-initramfs": "#!/bin/sh\n" }, "update-initramfs"],
      [
        "Fedora 17, whose mkinitrd is dracut's",
        { "/sbin/dracut": NEW_DRACUT, "/sbin/mkinitrd": "#!/bin/bash\nexec dracut\n" },
        "dracut",
        ["--no-hostonly", "--add-drivers", "dracut.conf.d"],
      ],
      ["an early CentOS 6", { "/sbin/dracut": OLD_DRACUT }, "dracut", ["--add-drivers"]],
      [
        "CentOS 5",
        {
          "/sbin/mkinitrd":
            '#!/bin/bash\n# nash\nfor f in /etc/sysconfig/mkinitrd/*; do [ -x "$f" ] && . "$f"; done\n',
        },
        "mkinitrd",
        ["folder"],
      ],
      [
        "Fedora 7 and Mandriva",
        {
          "/sbin/mkinitrd":
            "#!/bin/bash\n# nash\n[ -e /etc/sysconfig/mkinitrd ] && . /etc/sysconfig/mkinitrd\n",
        },
        "mkinitrd",
        ["file"],
      ],
      ["Red Hat 4", { "/sbin/mkinitrd": "#!/bin/bash\n# nash\n--preload=*)\n" }, "mkinitrd"],
      [
        "SLES 11",
        {
          "/sbin/mkinitrd": "#!/bin/bash\nupdate=$param_B\n/sbin/update-bootloader --refresh\n",
          "/lib/mkinitrd/setup/x.sh": "",
        },
        "mkinitrd-suse",
        ["-B", "update-bootloader"],
      ],
      [
        "openSUSE 11.0",
        { "/sbin/mkinitrd": "#!/bin/bash\nINITRD_MODULES=\n/sbin/update-bootloader --refresh\n" },
        "mkinitrd-suse",
        ["update-bootloader"],
      ],
      ["SLES 10", { "/sbin/mkinitrd": "#!/bin/bash\nINITRD_MODULES=\n" }, "mkinitrd-suse"],
      ["Debian 3.1", { "/usr/sbin/mkinitrd": "#!/bin/sh\nmkcramfs\n" }],
      ["Arch Linux", { "/usr/bin/mkinitcpio": "-S|--skiphooks)" }, "mkinitcpio", ["-S"]],
      [
        "Arch Linux of 2011, with letters alone,",
        { "/sbin/mkinitcpio": "while getopts ':c:k:sb:g:p:m:nvH:LMhS:t:z:' arg; do\n" },
        "mkinitcpio",
        ["-S"],
      ],
      [
        "Arch Linux of 2007, without a way to skip a hook,",
        { "/sbin/mkinitcpio": "while getopts ':c:k:s:b:g:a:p:m:vH:LMh' arg; do\n" },
        "mkinitcpio",
      ],
      ["Gentoo", {}],
    ];
  for (const [system, files, tool, knows] of GUESTS) {
    it(`of ${system} is ${tool ?? "none"}`, () => {
      const found = readInitramfsTool(phonyGuest(files));
      assert.deepEqual([found.initramfsTool, found.initramfsToolKnows], [tool, knows]);
    });
  }
});

describe("the command that makes an initramfs", () => {
  const V = "2.6.18-348.el5";
  const BESIDE = `/boot/initrd-${V}.img.pv-to-hvm`;
  const COMMANDS: [tool: InitramfsTool, path: string, knows: string[], command: string, output?: string][] = [
    ["update-initramfs", `/boot/initrd.img-${V}`, [], `update-initramfs -u -t -k ${V}`],
    ["update-initramfs", `/boot/initrd-${V}.img`, [], `mkinitramfs -o ${BESIDE} ${V}`, BESIDE],
    ["dracut", `/boot/initrd-${V}.img`, [], `dracut -f ${BESIDE} ${V}`, BESIDE],
    [
      "dracut",
      `/boot/initrd-${V}.img`,
      ["--no-hostonly", "--add-drivers"],
      `dracut -f --no-hostonly --add-drivers [xen-vbd nvme] ${BESIDE} ${V}`,
      BESIDE,
    ],
    [
      "mkinitrd",
      `/boot/initrd-${V}.img`,
      [],
      `mkinitrd -f --preload=xen-vbd --with=nvme ${BESIDE} ${V}`,
      BESIDE,
    ],
    [
      "mkinitrd-suse",
      `/boot/initrd-${V}.img`,
      [],
      `mkinitrd -b /boot -k vmlinuz-${V} -i initrd-${V}.img.pv-to-hvm -m [xen-vbd nvme] -d /dev/disk/by-label/root`,
      BESIDE,
    ],
    [
      "mkinitrd-suse",
      `/boot/initrd-${V}.img`,
      ["-B"],
      `mkinitrd -B -b /boot -k vmlinuz-${V} -i initrd-${V}.img.pv-to-hvm -m [xen-vbd nvme] -d LABEL=root`,
      BESIDE,
    ],
    ["mkinitcpio", `/boot/initrd-${V}.img`, [], `mkinitcpio -k ${V} -g ${BESIDE}`, BESIDE],
    ["mkinitcpio", `/boot/initrd-${V}.img`, ["-S"], `mkinitcpio -S autodetect -k ${V} -g ${BESIDE}`, BESIDE],
  ];
  for (const [tool, path, knows, command, output] of COMMANDS) {
    it(`is \`${command}\``, () => {
      const target = {
        kernel: V,
        path,
        modules: ["xen-vbd", "nvme"],
        configured: [],
        rootName: "LABEL=root",
      };
      const built = GENERATORS[tool].build({ ...target, knows });
      const words = built.command.map((word) => (word.includes(" ") ? `[${word}]` : word));
      assert.deepEqual([words.join(" "), built.output], [command, output]);
    });
  }
});

describe("the configuration of a generator", () => {
  after(removePhonyGuests);
  const CASES: {
    it: string;
    tool: InitramfsTool;
    knows?: string[];
    files: Record<string, string>;
    path: string;
    after: string;
  }[] = [
    {
      it: "of initramfs-tools is its list of modules",
      tool: "update-initramfs",
      files: { "/etc/initramfs-tools/modules": "# modules\nnvme\n" },
      path: "/etc/initramfs-tools/modules",
      after: "# modules\nnvme\nxen-blkfront\n",
    },
    {
      it: "of dracut is a file of its own",
      tool: "dracut",
      knows: ["dracut.conf.d"],
      files: {},
      path: "/etc/dracut.conf.d/pv-to-hvm.conf",
      after: 'add_drivers+=" nvme xen-blkfront "\n',
    },
    {
      it: "of dracut without a folder is a line in its file, beside a builder's list that restricts",
      tool: "dracut",
      files: { "/etc/dracut.conf": 'drivers+="xenblk xen_blkfront"\n' },
      path: "/etc/dracut.conf",
      after: 'drivers+="xenblk xen_blkfront"\nadd_drivers+=" nvme xen-blkfront "\n',
    },
    {
      it: "of Red Hat 5's mkinitrd is a script in its folder",
      tool: "mkinitrd",
      knows: ["folder"],
      files: {},
      path: "/etc/sysconfig/mkinitrd/pv-to-hvm",
      after: 'MODULES="$MODULES nvme xen-blkfront"\n',
    },
    {
      it: "of Fedora 7's and Mandriva's mkinitrd is the file, which its own script reads",
      tool: "mkinitrd",
      knows: ["file"],
      files: { "/etc/sysconfig/mkinitrd": 'PROBE="no"\n' },
      path: "/etc/sysconfig/mkinitrd",
      after: 'PROBE="no"\nMODULES="$MODULES nvme xen-blkfront"\n',
    },
    {
      it: "of SUSE's mkinitrd is a variable",
      tool: "mkinitrd-suse",
      files: { "/etc/sysconfig/kernel": '## Type: string\nINITRD_MODULES="processor ext3"\nX=1\n' },
      path: "/etc/sysconfig/kernel",
      after: '## Type: string\nINITRD_MODULES="processor ext3 nvme xen-blkfront"\nX=1\n',
    },
    {
      it: "of mkinitcpio is an array",
      tool: "mkinitcpio",
      files: { "/etc/mkinitcpio.conf": "# MODULES=(none)\nMODULES=(ext4)\nHOOKS=(base)\n" },
      path: "/etc/mkinitcpio.conf",
      after: "# MODULES=(none)\nMODULES=(ext4 nvme xen-blkfront)\nHOOKS=(base)\n",
    },
  ];
  for (const { it: title, tool, knows = [], files, path, after } of CASES) {
    const edit = (texts: Record<string, string>) =>
      GENERATORS[tool].configure(["nvme", "xen-blkfront"], configuredBy(texts, knows));
    it(title, () => {
      const edits = edit(files);
      assert.deepEqual(
        edits.map((one) => [one.path, applyPatch(files[one.path] ?? "", one.diff.join("\n") + "\n")]),
        [[path, after]],
      );
      assert.ok(edits[0].why.length > 0);
    });
    it(`${title}: once is enough`, () => assert.deepEqual(edit({ ...files, [path]: after }), []));
  }

  it("of Red Hat 5's mkinitrd may be executed: other files in the folder are not read", () => {
    const [edit] = GENERATORS.mkinitrd.configure(["xen-vbd"], configuredBy({}, ["folder"]));
    const tree = phonyGuest();
    applyEdits(tree, { edits: [edit] } as Plan);
    assert.equal(fs.statSync(tree.hostPath(edit.path)).mode & 0o777, 0o755);
  });

  it("names modules that are not named yet, dashes and underscores alike", () => {
    const { text } = addModules("# comment\nxen_blkfront\n", ["xen-blkfront", "nvme"]);
    assert.equal(text, "# comment\nxen_blkfront\nnvme\n");
    assert.deepEqual(addModules(text, ["nvme"]), { text, why: [] });
  });

  for (const [before, after] of [
    ["# MODULES=dep\nMODULES=dep\n", "# MODULES=dep\nMODULES=most\n"],
    ['MODULES="dep"\n', "MODULES=most\n"],
    ["MODULES=list\n", "MODULES=list\n"],
    ["MODULES=depth\n", "MODULES=depth\n"],
  ]) {
    it(`of initramfs-tools takes most modules in place of the helper's: ${JSON.stringify(before)}`, () =>
      assert.equal(takeMostModules(before).text, after));
  }

  for (const [before, after] of [
    ["A='x y'\n", 'A="x y z"\n'],
    ["A=x\n", 'A="x z"\n'],
    ["A=\n", 'A="z"\n'],
    ["A=(\n  x\n  y\n)\n", "A=(x\n  y z)\n"],
    ["B=1", 'B=1\nA="z"\n'],
    ['A="z"\n', 'A="z"\n'],
    ['A="x"\r\nB=1\r\n', 'A="x z"\r\nB=1\r\n'],
  ]) {
    it(`keeps the form of a shell's list: ${JSON.stringify(before)}`, () =>
      assert.equal(addToShellList(before, "A", ["z"], "why").text, after));
  }
});

describe("the modules that are named for a driver", () => {
  const files = (...names: string[]) =>
    new Map(names.map((name) => [name.replaceAll("-", "_"), `/m/${name}.ko`]));

  const KERNELS: [kernel: string, installed: string[], modules: string[]][] = [
    ["today's", ["xen-blkfront", "nvme"], ["xen-blkfront", "nvme"]],
    ["Debian 7's", ["xen-blkfront", "xen-platform-pci"], ["xen-platform-pci", "xen-blkfront"]],
    ["Red Hat 5's", ["xen-vbd", "xen-platform-pci"], ["xen-platform-pci", "xen-vbd"]],
    ["one with an underscore", ["xen_blkfront"], ["xen_blkfront"]],
    ["one with all of it built in", [], []],
  ];
  for (const [kernel, installed, modules] of KERNELS) {
    it(`are spelled as ${kernel} are: ${modules.join(" ") || "none"}`, () => {
      const kernelFacts = { bootsHvm: true, driverModules: driverModules(files(...installed)) };
      assert.deepEqual(modulesFor(kernelFacts, ["xen-blkfront", "nvme"]), modules);
    });
  }

  it("are today's where nobody looked", () =>
    assert.deepEqual(modulesFor({ bootsHvm: true }, ["xen-blkfront"]), [
      ...DRIVERS["xen-blkfront"].with,
      "xen-blkfront",
    ]));

  it("are none of a kernel that cannot boot, nor where no driver is wanted or no generator is there", () => {
    const guest = (tool?: InitramfsTool) => ({ initramfsTool: tool, kernels: [], files: [] });
    assert.deepEqual(modulesFor({ bootsHvm: false }, ["nvme"]), []);
    const none: [InitramfsTool | undefined, Driver[]][] = [
      ["update-initramfs", []],
      [undefined, ["nvme"]],
    ];
    for (const [tool, drivers] of none)
      assert.deepEqual(
        planInitramfsConfiguration(guest(tool), drivers, () => "MODULES=dep\n"),
        [],
      );
  });
});
