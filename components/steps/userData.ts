import { normalizeUrl } from "../checks/url";

/** What the helper is told at its first boot. */
export interface HelperUserData {
  /** The host key that the connection pins, in OpenSSH form. */
  hostKey: { privateKey: string; publicKey: string };
  /** The public key that may log in as root: the converter works on block devices. */
  authorizedKey: string;
  /** The HTTP proxy that apt goes through, a URL. */
  proxy?: string;
  /** The mirror that packages come from in place of the image's own, a URL. */
  mirror?: string;
}

/** Debian's and Ubuntu's packages that the converter runs, Node first. */
export const HELPER_PACKAGES = [
  "nodejs",
  "grub-pc-bin",
  "grub-common",
  "qemu-system-x86",
  "qemu-utils",
  "e2fsprogs",
  "xfsprogs",
  "dosfstools",
  "dmsetup",
  "attr",
  "fdisk",
  "zstd",
  "lz4",
  "xz-utils",
  "lzop",
  "bzip2",
  "kmod",
  "bubblewrap",
];

/**
 * The helper's user data, a cloud-config. It replaces the host keys before sshd starts, so that the first connection
 * already meets the pinned one, and installs only what the image lacks, so that an image with every package inside needs
 * no way out.
 */
export function helperUserData({ hostKey, authorizedKey, proxy, mirror }: HelperUserData): string {
  return [
    "#cloud-config",
    "# Root logs in, by this key only: the converter works on block devices.",
    "disable_root: false",
    "ssh_pwauth: false",
    "ssh_authorized_keys:",
    `  - ${JSON.stringify(authorizedKey.trim())}`,
    "ssh_deletekeys: true",
    "ssh_keys:",
    "  ed25519_private: |",
    indent(hostKey.privateKey.trim(), 4),
    `  ed25519_public: ${JSON.stringify(hostKey.publicKey.trim())}`,
    "bootcmd:",
    "  - |",
    indent(giveVsyscallPage(), 4),
    ...(proxy === undefined ? [] : writeProxy(proxy)),
    "runcmd:",
    "  - |",
    indent(installMissing(HELPER_PACKAGES, mirror), 4),
    "",
  ].join("\n");
}

/** For whatever runs apt on this machine. cloud-init writes files before it runs commands. A URL may hold a password. */
function writeProxy(proxy: string): string[] {
  const url = normalizeUrl(proxy);
  return [
    "write_files:",
    "  - path: /etc/apt/apt.conf.d/90pv-to-hvm",
    '    permissions: "0600"',
    "    content: |",
    ...["http", "https"].map((scheme) => `      Acquire::${scheme}::Proxy "${url}";`),
  ];
}

/** GRUB's addition to the kernel's command line, and the mark that it was tried. */
const VSYSCALL = {
  setting: "/etc/default/grub.d/90-vsyscall.cfg",
  stamp: "/var/lib/pv-to-hvm-vsyscall",
};

/**
 * Boots the helper once more with `vsyscall=emulate` where its kernel has no vsyscall page (Debian's since 9), without which
 * 64-bit programs of glibc before 2.15 end at once: those of guests as old as EL 6 and Debian 6, which rebuild their
 * initramfs. Once, whatever comes of it; not in a container, whose kernel is another's, nor without GRUB or where the kernel
 * is not to be seen in /boot.
 *
 * No step is connected when it reboots. cloud-init runs bootcmd in its network stage, in Debian 13
 * cloud-init-network.service (before cloud-init 24.3 cloud-init.service), which is ordered before sysinit.target and
 * sshd.service (ssh.service by its other name); ssh.service and ssh.socket come after sysinit.target. The script sleeps until
 * it is killed, since cloud-init marks its modules as done when they begin and would not run them again. `--force` waits for
 * no unit: cloud-init's has no limit to its stopping.
 */
function giveVsyscallPage(): string {
  const { setting, stamp } = VSYSCALL;
  return [
    "lacks_page() { ! grep -q '\\[vsyscall\\]' /proc/self/maps; }",
    `is_untried() { ! systemd-detect-virt -q -c && [ ! -e ${stamp} ]; }`,
    'has_grub() { [ -d /etc/default/grub.d ] && [ -e "/boot/vmlinuz-$(uname -r)" ] && command -v update-grub >/dev/null; }',
    "if lacks_page && is_untried && has_grub; then",
    `  touch ${stamp}`,
    `  echo 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX vsyscall=emulate"' > ${setting}`,
    "  if update-grub; then",
    "    sync; systemctl reboot --force && sleep 300",
    "  else",
    `    rm ${setting}`,
    "  fi",
    "fi",
    "true # Not having it is no failure of the helper: the inspection says what a guest needs it for.",
  ].join("\n");
}

// A failing apt-get must be the script's exit status: `cloud-init status` reports it to the first step.
function installMissing(packages: string[], mirror?: string): string {
  const sources = mirror === undefined ? undefined : mirrorSources(normalizeUrl(mirror));
  const from = sources ? " $only" : "";
  return [
    'missing=""',
    `for package in ${packages.join(" ")}; do`,
    `  dpkg-query -W -f '\${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"`,
    "done",
    'if [ -n "$missing" ]; then',
    "  export DEBIAN_FRONTEND=noninteractive",
    "  waiting='-o Acquire::Retries=5 -o DPkg::Lock::Timeout=300'",
    ...(sources ?? []).map((line) => `  ${line}`),
    `  apt-get update -q $waiting${from} &&`,
    `    apt-get install -q -y --no-install-recommends $waiting${from} $missing`,
    "fi",
  ].join("\n");
}

/**
 * Sources of packages beside the image's own, which are not asked: they may be unreachable, and apt would wait for each. The
 * mirror has the release; of what comes after it (updates, Debian's security archive beside the mirror, by Debian's own names), what
 * it has. Signatures are checked with the distribution's keys and those that the image trusts.
 */
function mirrorSources(mirror: string): string[] {
  return [
    "sources=/etc/apt/pv-to-hvm.d",
    'only="-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$sources"',
    "install -d -m 700 $sources",
    ". /etc/os-release",
    "keys=$(ls /usr/share/keyrings/$ID-archive-keyring.gpg /etc/apt/trusted.gpg.d/*.gpg /etc/apt/trusted.gpg.d/*.asc 2>/dev/null | paste -sd ,)",
    "parts=main",
    '[ "$ID" != ubuntu ] || parts="main universe"',
    'name() { echo "deb ${keys:+[signed-by=$keys] }$1 $2 $parts" > "$sources/$2.list"; }',
    `name '${mirror}' "$VERSION_CODENAME"`,
    // Failures are errors; without this apt says only for some of them that a source is of no use.
    'has() { apt-get update -q $waiting $only -o APT::Update::Error-Mode=any -o Dir::Etc::SourceList="$1" -o Dir::Etc::SourceParts=-; }',
    'try() { name "$1" "$2"; has "$sources/$2.list" || rm "$sources/$2.list"; }',
    `if [ "$ID" = debian ]; then try '${mirror}-security' "$VERSION_CODENAME-security"`,
    `else try '${mirror}' "$VERSION_CODENAME-security"; fi`,
    `try '${mirror}' "$VERSION_CODENAME-updates"`,
  ];
}

function indent(text: string, spaces: number): string {
  return text.replace(/^/gm, " ".repeat(spaces));
}
