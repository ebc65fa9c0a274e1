/** The boot files of old images, in the forms in which their builders left them. */
import * as fs from "node:fs";
import * as path from "node:path";

/** Who made the menu, and how `/boot/grub/menu.lst` comes to its text. */
export type MenuForm =
  "menu.lst" | "automagic" | "relative link" | "absolute link" | "hard link" | "40_custom";

export interface MenuRecipe {
  form: MenuForm;
  /** GRUB legacy's name of what PV-GRUB reads the kernel from: `(hd0)` or `(hd0,1)`. */
  device: string;
  /** Empty where /boot has a filesystem of its own. */
  prefix: "" | "/boot";
  /** Value of `root=`. */
  root: string;
  kernels: { version: string; kernel: string; initrd: string }[];
}

/** Writes the menu into a guest's tree, with the links and the generator that belong to it. */
export function writeMenu(tree: string, recipe: MenuRecipe): void {
  const folder = path.join(tree, "boot/grub");
  fs.mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
  const link = (target: string) => fs.symlinkSync(target, path.join(folder, "menu.lst"));
  switch (recipe.form) {
    case "menu.lst":
      return write("menu.lst", plainMenu(recipe));
    case "automagic":
      return write("menu.lst", automagicMenu(recipe));
    // Amazon Linux, CentOS, Fedora.
    case "relative link":
      write("grub.conf", redHatMenu(recipe));
      fs.symlinkSync("../boot/grub/grub.conf", path.join(tree, "etc/grub.conf"));
      return link("./grub.conf");
    // AMIgen6, and Debian 7 by bootstrap-vz.
    case "absolute link":
      write("grub.conf", redHatMenu(recipe));
      return link("/boot/grub/grub.conf");
    // ami-creator's CentOS 6.
    case "hard link":
      write("grub.conf", redHatMenu(recipe));
      return fs.linkSync(path.join(folder, "grub.conf"), path.join(folder, "menu.lst"));
    case "40_custom":
      write("grub.cfg", customMenu(recipe));
      writeGenerator(tree, recipe);
      return link("/boot/grub/grub.cfg");
  }
}

function entries(recipe: MenuRecipe, title: string, rest: string): string[] {
  return recipe.kernels.flatMap(({ version, kernel, initrd }) => [
    `title ${title} (${version})`,
    `root ${recipe.device}`,
    `kernel ${recipe.prefix}/${kernel} root=${recipe.root} ${rest}`,
    `initrd ${recipe.prefix}/${initrd}`,
    "",
  ]);
}

function plainMenu(recipe: MenuRecipe): string {
  return ["default 0", "timeout 0", "hiddenmenu", "", ...entries(recipe, "Linux", "ro console=hvc0")].join(
    "\n",
  );
}

/** As Amazon's imagebuilder and anaconda wrote it: `=` after the settings, a splash image with a device in it. */
function redHatMenu(recipe: MenuRecipe): string {
  const head = [
    "# created by imagebuilder",
    "default=0",
    "fallback=1",
    "timeout=1",
    `splashimage=${recipe.device}${recipe.prefix}/grub/splash.xpm.gz`,
    "hiddenmenu",
    "",
  ];
  const twice = { ...recipe, kernels: [...recipe.kernels, ...recipe.kernels] };
  return [...head, ...entries(twice, "Amazon Linux 2015.09", "ro console=hvc0")].join("\n");
}

/** As GRUB legacy's update-grub of Debian and Ubuntu wrote it: lines with one `#` are its settings. */
function automagicMenu(recipe: MenuRecipe): string {
  const head = `default\t\t0
timeout\t\t1
hiddenmenu

### BEGIN AUTOMAGIC KERNELS LIST
## lines between the AUTOMAGIC KERNELS LIST markers will be modified
## by the debian update-grub script except for the default options below

## DO NOT UNCOMMENT THEM, Just edit them to your needs

## ## Start Default Options ##
# kopt=root=${recipe.root} ro
# groot=${recipe.device}
# alternative=true
# lockalternative=false
# defoptions=xencons=hvc0 console=hvc0
# lockold=false
# xenhopt=
# xenkopt=console=tty0
# altoptions=(recovery mode) single
# howmany=all
# indomU=detect
# memtest86=false
# updatedefaultentry=false
# savedefault=false
## ## End Default Options ##
`;
  const list = [
    ...entries(recipe, "Debian GNU/Linux", "ro xencons=hvc0 console=hvc0"),
    ...entries(recipe, "Debian GNU/Linux, recovery mode", "ro single"),
  ];
  return [head, ...list, "### END DEBIAN AUTOMAGIC KERNELS LIST", ""].join("\n");
}

/** As bootstrap-vz's generator printed it: GRUB legacy's words in GRUB 2's file. */
function customMenu(recipe: MenuRecipe): string {
  const list = recipe.kernels.flatMap(({ version, kernel, initrd }) => [
    `title ${version}`,
    `\troot ${recipe.device}`,
    `\tkernel ${recipe.prefix}/${kernel} root=${recipe.root} ro consoleblank=0 elevator=noop console=hvc0`,
    `\tinitrd ${recipe.prefix}/${initrd}`,
  ]);
  return ["default 0", "timeout 0", ...list, ""].join("\n");
}

/** The generator of that menu, with device names of its own, and GRUB 2's other scripts switched off. */
function writeGenerator(tree: string, { device, prefix, root }: MenuRecipe): void {
  const folder = path.join(tree, "etc/grub.d");
  for (const name of fs.readdirSync(folder)) fs.chmodSync(path.join(folder, name), 0o644);
  const script = `#!/bin/sh
# Prints a menu for PV-GRUB, which reads GRUB legacy's words only.
. /etc/default/grub
GRUB_DEVICE=${root}
linux_entry() {
  printf 'title %s\\n' "$1"
  printf '\\troot ${device}\\n'
  printf '\\tkernel %s root=%s ro %s\\n' "$2" "$GRUB_DEVICE" "$GRUB_CMDLINE_LINUX"
  printf '\\tinitrd %s\\n' "$3"
}
echo "default \${GRUB_DEFAULT:-0}"
echo "timeout \${GRUB_TIMEOUT:-0}"
for kernel in $(ls /boot/vmlinuz-* | sort -rV); do
  version=\${kernel#/boot/vmlinuz-}
  linux_entry "$version" "${prefix}/vmlinuz-$version" "${prefix}/initrd.img-$version"
done
`;
  fs.writeFileSync(path.join(folder, "40_custom"), script);
  fs.chmodSync(path.join(folder, "40_custom"), 0o755);
  const settings =
    'GRUB_DEFAULT=0\nGRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX="consoleblank=0 elevator=noop console=hvc0"\n';
  fs.mkdirSync(path.join(tree, "etc/default"), { recursive: true });
  fs.writeFileSync(path.join(tree, "etc/default/grub"), settings);
}
