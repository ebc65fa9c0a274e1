/** What a live source has beyond the sample: the ways in of an old machine, and what it can install by itself. */
import type { ImageFile } from "./recipe";
import { repositorySource } from "./repository";

/** Who logs in, as in Debian's own images: not root, but sudo without a password. */
export const LIVE_SOURCE_USER = "admin";

/** In the image; apt is told of no other place. */
export const REPOSITORY_FOLDER = "/var/local/debian";

/** Over those of the sample. */
export function liveSourceFiles(): ImageFile[] {
  return [
    { path: "/etc/hostname", text: "pv-live\n" },
    { path: "/etc/hosts", text: "127.0.0.1\tlocalhost\n127.0.1.1\tpv-live\n" },
    { path: "/etc/apt/sources.list", text: repositorySource(REPOSITORY_FOLDER) },
    { path: "/etc/ssh/sshd_config.d/old.conf", text: OLD_SSHD },
    { path: "/etc/sudoers.d/admin", text: `${LIVE_SOURCE_USER} ALL=(ALL) NOPASSWD: ALL\n`, mode: 0o440 },
    { path: "/etc/init.d/admin-login", text: ADMIN_LOGIN, mode: 0o755 },
  ];
}

/**
 * What OpenSSH 5.5 of Debian 6 has in common with clients of today: an RSA host key that signs with SHA-1,
 * Diffie-Hellman, HMAC-SHA-1. How clients sign is left to them: this sshd tells them that it knows SHA-2, as the old one
 * did not, and they take it at its word.
 */
const OLD_SSHD = `HostKey /etc/ssh/ssh_host_rsa_key
HostKeyAlgorithms ssh-rsa
KexAlgorithms diffie-hellman-group14-sha1
Ciphers aes128-ctr,aes256-ctr,aes128-cbc
MACs hmac-sha1
`;

/** Gives the key of the launch, which root has by then, to the login user, and the machine its RSA key. */
const ADMIN_LOGIN = `#!/bin/sh
### BEGIN INIT INFO
# Provides:          admin-login
# Required-Start:    ec2-get-credentials
# Required-Stop:
# X-Start-Before:    ssh
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Lets ${LIVE_SOURCE_USER} in with root's key
### END INIT INFO
[ "$1" = start ] || exit 0
[ -e /etc/ssh/ssh_host_rsa_key ] || ssh-keygen -q -t rsa -b 2048 -N "" -f /etc/ssh/ssh_host_rsa_key

umask 077
mkdir -p /home/${LIVE_SOURCE_USER}/.ssh
cp /root/.ssh/authorized_keys /home/${LIVE_SOURCE_USER}/.ssh/authorized_keys
chown -R ${LIVE_SOURCE_USER} /home/${LIVE_SOURCE_USER}/.ssh
`;
