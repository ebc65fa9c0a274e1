/** The files that make a Debian tree a helper of the local cloud, as a container and as a virtual machine. */
import type { ImageFile } from "./recipe";

/** Of the disk's master boot record: the kernel, without an initramfs, knows its root by this and the partition's number. */
export const DISK_ID = "68656c70";

/** What GRUB has inside; anything else that a menu of update-grub asks for it finds in the tree's own grub-pc-bin. */
export const MENU_MODULES = [
  "biosdisk",
  "part_msdos",
  "ext2",
  "normal",
  "linux",
  "search",
  "search_fs_uuid",
  "echo",
];

/**
 * A container's seed is a folder; a virtual machine has a metadata service at 169.254.169.254, as on EC2. Only those of
 * cloud-init's modules run that a helper's user data can need: under TCG each costs its part of a second.
 */
const CLOUD_CONFIG = `datasource_list: [NoCloud, Ec2, None]
network: {config: disabled}
locale: false
cloud_init_modules: [bootcmd, write-files, growpart, resizefs, set_hostname, users-groups, ssh]
cloud_config_modules: [set-passwords, runcmd]
cloud_final_modules: [package-update-upgrade-install, scripts-user]
`;

/** QEMU's NVMe has a model name of its own, so that Debian's rule makes another link than on EC2. */
const EBS_LINKS = `KERNEL=="nvme*[0-9]n*[0-9]", ENV{DEVTYPE}=="disk", ATTRS{serial}=="vol*", SYMLINK+="disk/by-id/nvme-Amazon_Elastic_Block_Store_$attr{serial}"
KERNEL=="nvme*[0-9]n*[0-9]p*[0-9]", ENV{DEVTYPE}=="partition", ATTRS{serial}=="vol*", SYMLINK+="disk/by-id/nvme-Amazon_Elastic_Block_Store_$attr{serial}-part%n"
`;

const NETWORK = `[Match]
Name=eth*

[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no

[DHCPv4]
UseDNS=no
`;

/** What GRUB's menu holds until the helper's own update-grub writes another. */
const MENU = `set timeout=0
menuentry "Debian" {
  linux /vmlinuz root=PARTUUID=${DISK_ID}-01 ro console=ttyS0,115200 net.ifnames=0 systemd.ssh_auto=no
}
`;

const GRUB_DEFAULTS = `GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_TERMINAL=console
GRUB_DISABLE_OS_PROBER=true
GRUB_DISABLE_RECOVERY=true
GRUB_DISABLE_SUBMENU=true
GRUB_DISABLE_LINUX_PARTUUID=false
GRUB_CMDLINE_LINUX="console=ttyS0,115200 net.ifnames=0 systemd.ssh_auto=no"
`;

/** What udev would load for QEMU's processor and chipset, a part of a second each under TCG, and nothing uses. */
const UNUSED_MODULES = [
  ...["aesni_intel", "ghash_clmulni_intel", "sha1_ssse3", "sha256_ssse3", "sha512_ssse3", "crct10dif_pclmul"],
  ...["crc32_pclmul", "ata_piix", "ata_generic", "serio_raw", "8021q"],
];

/** EC2 asks a system to stop by the power button. */
const POWER_BUTTON = `event=button/power.*
action=/usr/bin/systemctl --no-block poweroff
`;

export function helperFiles(): ImageFile[] {
  return [
    { path: "/etc/cloud/cloud.cfg.d/90_local_cloud.cfg", text: CLOUD_CONFIG },
    { path: "/etc/hosts", text: "127.0.0.1\tlocalhost\n" },
    // Empty, and not absent: that would be a first boot, whose questions nobody answers.
    { path: "/etc/machine-id", text: "" },
    { path: "/etc/fstab", text: `PARTUUID=${DISK_ID}-01 / ext4 defaults 0 1\n` },
    { path: "/etc/systemd/network/50-eth.network", text: NETWORK },
    { path: "/etc/udev/rules.d/65-ebs.rules", text: EBS_LINKS },
    // Newer than /usr: systemd has nothing to bring up to date at the first start.
    { path: "/etc/.updated", text: "" },
    { path: "/var/.updated", text: "" },
    { path: "/etc/default/grub", text: GRUB_DEFAULTS },
    { path: "/etc/default/grub.d/README", text: "Settings that are added to those of /etc/default/grub.\n" },
    { path: "/boot/grub/grub.cfg", text: MENU },
    {
      path: "/etc/modprobe.d/unused.conf",
      text: UNUSED_MODULES.map((name) => `blacklist ${name}\n`).join(""),
    },
    { path: "/etc/acpi/events/power-button", text: POWER_BUTTON },
  ];
}

/** For systemctl, by verb: what a virtual machine needs, and what only costs it time. */
export function helperUnits(): Record<"enable" | "mask", string[]> {
  return {
    enable: ["systemd-networkd.service", "systemd-networkd-wait-online.service"],
    mask: [
      ...[
        "apt-daily.timer",
        "apt-daily-upgrade.timer",
        "dpkg-db-backup.timer",
        "e2scrub_all.timer",
        "fstrim.timer",
      ],
      ...[
        "e2scrub_reap.service",
        "grub-common.service",
        "cloud-init-hotplugd.socket",
        "systemd-pstore.service",
      ],
      ...["getty@tty1.service", "getty-static.service", "xfs_scrub_all.timer"],
    ],
  };
}
