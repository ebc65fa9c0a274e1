import assert from "node:assert/strict";
import { cleanGrubDefaults, editGrubDefaults } from "../../../../converter/guest/commandLine/grubDefaults";
import { editGrubScript, writesLegacyMenu } from "../../../../converter/guest/commandLine/grubScript";
import { PV_ONLY } from "../../../../converter/guest/commandLine/pvOnly";
import { phonyTarget, UUID } from "../menu/phonyTarget";

const target = phonyTarget();
const OLD_NAMES = ["net.ifnames=0", "biosdevname=0"].map((add) => ({ add, why: "eth0 keeps its name" }));

/** In the shape of the script that the builders of Debian 6 and 7 images put in 40_custom's place. */
const SCRIPT = `#!/bin/sh
set -e
GRUB_DEVICE=/dev/xvda
linux_entry ()
{
  cat << EOF2
title \${version}
	root (hd0)
	kernel \${rel_dirname}/\${basename} root=\${GRUB_DEVICE} ro \${args}
	initrd \${rel_dirname}/\${initrd}
EOF2
}
`;

describe("editing what update-grub writes the menu from", () => {
  it("knows a script that writes a menu of GRUB legacy", () => {
    assert.ok(writesLegacyMenu(SCRIPT));
    assert.ok(!writesLegacyMenu("#!/bin/sh\nexec tail -n +3 $0\nmenuentry x {\n}\n"));
  });

  it("moves the device and names the root by UUID in the script", () => {
    const { text } = editGrubScript(SCRIPT, target, true);
    assert.equal(
      text,
      SCRIPT.replace("(hd0)", "(hd0,0)").replace("GRUB_DEVICE=/dev/xvda", `GRUB_DEVICE=UUID=${UUID}`),
    );
  });

  it("gives the script's kernel line a console where nothing names one, as on Debian 6", () => {
    const { text } = editGrubScript(SCRIPT, target, false);
    assert.match(text, /^\tkernel .* ro \$\{args\} console=tty1 console=ttyS0$/m);
  });

  it("leaves the format of a printf alone, whose values are elsewhere", () => {
    const line = 'printf \'\\tkernel %s root=%s ro %s\\n\' "$2" "$GRUB_DEVICE" "$3"\n';
    assert.equal(editGrubScript(line, target, true).text, line);
  });

  it("gives the same script when it is done twice", () => {
    const once = editGrubScript(SCRIPT, target).text;
    assert.equal(editGrubScript(once, target).text, once);
  });

  const DEFAULTS: { it: string; before: string; after: string; changes?: { add: string; why: string }[] }[] =
    [
      {
        it: "takes Xen's console out of the defaults, inside their quotes",
        before: 'GRUB_CMDLINE_LINUX_DEFAULT="consoleblank=0 elevator=noop console=hvc0"\n',
        after: 'GRUB_CMDLINE_LINUX_DEFAULT="consoleblank=0 elevator=noop console=tty1 console=ttyS0"\n',
      },
      {
        it: "does so where it is the only word",
        before: "GRUB_CMDLINE_LINUX='console=hvc0'\n",
        after: "GRUB_CMDLINE_LINUX='console=tty1 console=ttyS0'\n",
      },
      {
        it: "asks for old interface names in GRUB_CMDLINE_LINUX",
        before: "GRUB_CMDLINE_LINUX=\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n",
        after: 'GRUB_CMDLINE_LINUX="net.ifnames=0 biosdevname=0"\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n',
        changes: OLD_NAMES,
      },
      {
        it: "keeps other variables and comments",
        before: "# GRUB_CMDLINE_LINUX=console=hvc0\nGRUB_TIMEOUT=0\n",
        after: "# GRUB_CMDLINE_LINUX=console=hvc0\nGRUB_TIMEOUT=0\n",
      },
    ];
  for (const { it: title, before, after, changes = [] } of DEFAULTS) {
    it(title, () => {
      const once = editGrubDefaults(before, phonyTarget({ changes: () => changes })).text;
      assert.equal(once, after);
      assert.equal(editGrubDefaults(once, phonyTarget({ changes: () => changes })).text, once);
    });
  }

  it("takes what only Xen PV bears out of every command line, with its reason", () => {
    const before =
      'GRUB_CMDLINE_LINUX="quiet earlyprintk=xen"\nGRUB_CMDLINE_LINUX_DEFAULT=pci=off # no disks\nGRUB_CMDLINE_XEN="dom0_mem=1G nopv"\n';
    const changes = { changes: () => [...PV_ONLY, ...OLD_NAMES] };
    const { text, why } = editGrubDefaults(before, phonyTarget(changes));
    assert.equal(
      text,
      'GRUB_CMDLINE_LINUX="quiet net.ifnames=0 biosdevname=0"\nGRUB_CMDLINE_LINUX_DEFAULT= # no disks\nGRUB_CMDLINE_XEN="dom0_mem=1G nopv"\n',
    );
    assert.match(why.join("\n"), /earlyprintk=xen goes/);
  });

  it("reads a value that goes over two lines as the shell does", () => {
    const before = 'GRUB_CMDLINE_LINUX="console=hvc0 \\\n  quiet"\n';
    assert.equal(
      editGrubDefaults(before, phonyTarget({ changes: () => OLD_NAMES })).text,
      'GRUB_CMDLINE_LINUX="console=tty1 console=ttyS0 \\\n  quiet net.ifnames=0 biosdevname=0"\n',
    );
  });

  it("takes only what HVM does not bear from defaults that write no menu in force", () => {
    const before = 'GRUB_CMDLINE_LINUX="console=hvc0 earlyprintk=xen root=/dev/xvda1"\nGRUB_TIMEOUT=5\n';
    const after = 'GRUB_CMDLINE_LINUX="console=hvc0 root=/dev/xvda1"\nGRUB_TIMEOUT=5\n';
    assert.equal(cleanGrubDefaults(before).text, after);
  });

  it("takes what only Xen PV bears out of the script's own lines", () => {
    const script = SCRIPT.replace(" ro ", " ro earlyprintk=xen ");
    const target = phonyTarget({ changes: () => [...PV_ONLY, ...OLD_NAMES] });
    assert.match(editGrubScript(script, target, true).text, /^\tkernel \S+ root=\S+ ro \$\{args\}$/m);
    assert.match(
      editGrubScript(script, target, false).text,
      / ro \$\{args\} console=tty1 console=ttyS0 net\.ifnames=0 /,
    );
  });
});
