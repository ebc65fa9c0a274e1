/** What the helper is told at its first boot. */
export interface HelperUserData {
  /** The host key that the connection pins, in OpenSSH form. */
  hostKey: { privateKey: string; publicKey: string };
  /** The public key that may log in as root: the converter works on block devices. */
  authorizedKey: string;
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
];

/**
 * The helper's user data, a cloud-config. It replaces the host keys before sshd starts, so that the first connection
 * already meets the pinned one, and installs only what the image lacks, so that an image with every package inside needs
 * no way out.
 */
export function helperUserData({ hostKey, authorizedKey }: HelperUserData): string {
  return [
    "#cloud-config",
    "# Root logs in, by this key only: the converter works on block devices.",
    "disable_root: false",
    "ssh_pwauth: false",
    "ssh_authorized_keys:",
    `  - ${JSON.stringify(authorizedKey.trim())}`,
    "ssh_deletekeys: true",
    "ssh_genkeytypes: []",
    "ssh_keys:",
    "  ed25519_private: |",
    indent(hostKey.privateKey.trim(), 4),
    `  ed25519_public: ${JSON.stringify(hostKey.publicKey.trim())}`,
    "runcmd:",
    "  - |",
    indent(installMissing(HELPER_PACKAGES), 4),
    "",
  ].join("\n");
}

// A failing apt-get must be the script's exit status: `cloud-init status` reports it to the first step.
function installMissing(packages: string[]): string {
  return [
    'missing=""',
    `for package in ${packages.join(" ")}; do`,
    `  dpkg-query -W -f '\${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"`,
    "done",
    'if [ -n "$missing" ]; then',
    "  export DEBIAN_FRONTEND=noninteractive",
    "  apt-get update -q -o Acquire::Retries=5 &&",
    "    apt-get install -q -y --no-install-recommends -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 $missing",
    "fi",
  ].join("\n");
}

function indent(text: string, spaces: number): string {
  return text.replace(/^/gm, " ".repeat(spaces));
}
