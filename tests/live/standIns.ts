/**
 * Stand-ins for package managers, as scripts of a guest whose only program is busybox: each writes down its arguments, and does what the
 * real one does with what the test has put ready: `/repo/PACKAGE` is a folder of files that an installation brings, `/repo/PACKAGE.sh` the
 * script that it runs. The real ones, where Debian has them, run in tests/live/packages.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { YUM } from "./standInYum";

/** Every call of a stand-in, one line each, in the guest. */
export const CALLS = "/var/log/calls";
/** Names of what is installed, one line each. */
export const INSTALLED = "/var/lib/installed";

export const RECORD = `echo "$(basename "$0") $*" >> ${CALLS}\n`;

/** Installs its arguments that are no options; what a killed run has begun is in /var/lib/half. */
export const INSTALL = `install_all() {
  for package; do
    case "$package" in -*) continue ;; esac
    [ -e "/repo/$package" ] || { echo "E: Unable to locate package $package"; exit 100; }
  done
  for package; do
    case "$package" in -*) continue ;; esac
    grep -qx "$package" ${INSTALLED} && continue
    echo "$package" > /var/lib/half
    echo "Setting up $package ..."
    cp -a "/repo/$package/." /
    [ ! -f "/repo/$package.sh" ] || . "/repo/$package.sh"
    echo "$package" >> ${INSTALLED}
    rm -f /var/lib/half
  done
}
finish_half() { [ ! -f /var/lib/half ] || { half=$(cat /var/lib/half); install_all "$half"; }; }
`;

const APT = `${RECORD}${INSTALL}
case "$*" in *check) exit 0 ;; esac
[ ! -f /repo/unreachable ] || { echo "Err http://mirror/ wheezy Release"; echo "E: Failed to fetch http://mirror/dists/wheezy/Release  404  Not Found"; exit 100; }
command= words= simulate= download= yes=
while [ $# -gt 0 ]; do
  case "$1" in
    -o) shift ;;
    -y) yes=1 ;;
    --simulate) simulate=1 ;;
    --download-only) download=1 ;;
    -*) ;;
    *) if [ -z "$command" ]; then command=$1; else words="$words $1"; fi ;;
  esac
  shift
done
[ "$command" = install ] || exit 0
[ -z "$simulate" ] || { [ ! -f /repo/conflict ] || { echo "E: Unable to correct problems, you have held broken packages."; exit 100; }; for word in $words; do echo "Inst $word (1.0 Debian:7)"; done; exit 0; }
[ -z "$download" ] || { [ ! -f /repo/gone ] || { echo "E: Failed to fetch http://mirror/pool/k.deb  404  Not Found"; exit 100; }; exit 0; }
[ -n "$yes" ] || echo "installed without being asked" >> ${CALLS}
install_all $words
`;

const APT_CACHE = `[ "$2" != show ] || { echo "Installed-Size: $(cat /repo/size 2>/dev/null || echo 20000)"; echo "Size: 9000000"; exit 0; }
[ -d "/repo/$2" ] || exit 0
echo "$2:"
if grep -qx "$2" ${INSTALLED}; then echo "  Installed: 1.0"; else echo "  Installed: (none)"; fi
echo "  Candidate: 1.0"
`;

const DPKG = `${RECORD}${INSTALL}
case "$1" in
  --configure) [ ! -f /var/lib/unmendable ] && finish_half ;;
esac
`;

const DPKG_QUERY = `for name; do :; done
case "$1/$#" in
  -S/*) exit 1 ;;
  -W/4) if grep -qx "$name" ${INSTALLED}; then echo "install ok installed 1.0"; exit 0; else exit 1; fi ;;
esac
sed 's/^/install ok installed /' ${INSTALLED}
[ ! -f /var/lib/half ] || sed 's/^/install ok half-configured /' /var/lib/half
`;

const RPM = `case "$1" in
  -qa) cat ${INSTALLED} ;;
  -qf) exit 1 ;;
  -q)
    [ ! -f /var/lib/rpm/damaged ] || { echo "package $2 is not installed"; echo "error: db4 error(-30974) from dbenv->open: DB_RUNRECOVERY: Fatal error, run database recovery" >&2; exit 1; }
    if [ "$2" = rpm ] || grep -qx "$2" ${INSTALLED}; then echo "$2-1.0-1"; else echo "package $2 is not installed"; exit 1; fi ;;
  --rebuilddb) echo "rpm $*" >> ${CALLS}; rm -f /var/lib/rpm/damaged ;;
esac
`;

/** Of before 1.2.3, which knows no --download-only. */
const ZYPPER = `${RECORD}${INSTALL}
case "$*" in *--download-only*) echo "Unknown option '--download-only'"; exit 2 ;; esac
while :; do case "$1" in -*) shift ;; *) break ;; esac; done
[ "$1" = install ] || exit 0
shift
dry=
for word; do case "$word" in --dry-run | --download-only) dry=1 ;; esac; done
for word; do case "$word" in -*) ;; *) [ -d "/repo/$word" ] || { echo "No provider of '$word' found."; exit 104; }; grep -qx "$word" ${INSTALLED} && echo "Nothing to do." ;; esac; done
[ -n "$dry" ] || install_all "$@"
`;

/** It is asked for what is installed, and for nothing else: it cannot add a package without renewing the whole system. */
const PACMAN = `${RECORD}[ "$*" = -Q ] || { echo "error: target not found" >&2; exit 1; }
sed 's/$/ 1.0-1/' ${INSTALLED}
`;

const MANAGERS: Record<string, Record<string, string>> = {
  "apt-get": {
    "apt-get": APT,
    "apt-cache": APT_CACHE,
    dpkg: DPKG,
    "dpkg-query": DPKG_QUERY,
  },
  yum: { yum: YUM(), rpm: RPM },
  zypper: { zypper: ZYPPER, rpm: RPM },
  pacman: { pacman: PACMAN },
};

/** Puts a package manager into the guest. */
export function writeManager(root: string, manager: keyof typeof MANAGERS): void {
  for (const [name, script] of Object.entries(MANAGERS[manager]))
    writeScript(root, `/usr/bin/${name}`, script);
  write(root, INSTALLED, "base-files\n");
  fs.mkdirSync(`${root}/repo`, { recursive: true });
}

/** A package that can be had: what it brings, and what its script does. */
export function offer(root: string, name: string, fill: (folder: string) => void, script?: string): void {
  const folder = `${root}/repo/${name}`;
  fs.mkdirSync(folder, { recursive: true });
  fill(folder);
  if (script !== undefined) write(root, `/repo/${name}.sh`, script);
}

/** A script of the guest. */
export function writeScript(root: string, file: string, script: string): void {
  write(root, file, `#!/bin/sh\n${script}`);
  fs.chmodSync(root + file, 0o755);
}

export function write(root: string, file: string, text: string | Buffer): void {
  fs.mkdirSync(path.dirname(root + file), { recursive: true });
  fs.writeFileSync(root + file, text);
}

/** What the stand-ins were asked, in order. */
export function callsOf(root: string): string[] {
  return fs.existsSync(root + CALLS)
    ? fs
        .readFileSync(root + CALLS, "utf8")
        .trimEnd()
        .split("\n")
    : [];
}
