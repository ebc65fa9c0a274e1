/** A user of this machine who is not root and has sudo, as Debian's installer makes one; taken away again after the tests. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface OrdinaryUser {
  name: string;
  uid: number;
  gid: number;
  home: string;
  /** Runs a command as this user, in a process group of its own, with the environment of a login. */
  start(command: string[], options: StartOptions): ChildProcess;
  remove(): void;
}

export interface StartOptions {
  cwd: string;
  env?: Record<string, string>;
  /** A shell's commands, run as root before it, in a mount namespace of its own: this machine looks otherwise to it. */
  mounts?: string;
}

/** Needs root, `useradd` and `sudo`. The name is by this process: another run of the tests may have a user of its own. */
export function makeOrdinaryUser(): OrdinaryUser {
  const name = `pv-to-hvm-${process.pid}`;
  const rights = `/etc/sudoers.d/${name}`;
  const remove = () => {
    rmSync(rights, { force: true });
    execFileSync("userdel", ["--force", "--remove", name], { stdio: "ignore" });
  };
  execFileSync("useradd", ["--create-home", "--shell", "/bin/bash", name]);
  try {
    writeFileSync(rights, `${name} ALL=(ALL) NOPASSWD: ALL\n`, { mode: 0o440 });
    const [uid, gid, , home] = accountOf(name);
    const ownNode = makeNode(home);
    const path = `${loginPath()}:${join(home, "bin")}`;
    const start: OrdinaryUser["start"] = (command, { cwd, env = {}, mounts = "true" }) => {
      const login = { HOME: home, USER: name, LOGNAME: name, SHELL: "/bin/bash", PATH: path, ...env };
      const set = Object.entries(login).map(([key, value]) => `${key}=${value}`);
      const asUser = [
        "setpriv",
        "--reuid",
        uid,
        "--regid",
        gid,
        "--init-groups",
        "env",
        "--ignore-environment",
      ];
      const inside = [
        "sh",
        "-c",
        `${ownNode} && ${mounts} && exec "$@"`,
        "sh",
        ...asUser,
        ...set,
        ...command,
      ];
      const all = ["--mount", "--propagation", "private", ...inside];
      return spawn("unshare", all, { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    };
    return { name, uid: Number(uid), gid: Number(gid), home, start, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * This Node and its npm may lie where only root gets (nvm in /root). The user has them in `bin` as those have theirs who use
 * nvm. Gives a shell's command that puts them there.
 */
function makeNode(home: string): string {
  const [bin, npm] = [join(home, "bin"), join(home, "npm")];
  for (const folder of [bin, npm]) mkdirSync(folder);
  writeFileSync(join(bin, "node"), "");
  writeFileSync(join(bin, "npm"), `#!/bin/sh\nexec node '${npm}/bin/npm-cli.js' "$@"\n`, { mode: 0o755 });
  const command = execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  // …/npm/bin/npm-cli.js
  const npmHere = dirname(dirname(realpathSync(command)));
  return `mount --bind '${process.execPath}' '${bin}/node' && mount --bind '${npmHere}' '${npm}'`;
}

/** What `login` gives a user, by its own configuration: Debian's has no folder of administration (sbin). */
export function loginPath(): string {
  const found = /^ENV_PATH\s+PATH=(\S+)/m.exec(readFileSync("/etc/login.defs", "utf8"));
  if (!found) throw new Error("/etc/login.defs: has no ENV_PATH, so this is no Debian. The test needs one.");
  return found[1];
}

/** uid, gid, name in full, home. */
function accountOf(name: string): string[] {
  const entry = execFileSync("getent", ["passwd", name], { encoding: "utf8" });
  return entry.trim().split(":").slice(2);
}

export interface Outcome {
  status: number | null;
  said: string;
}

/** Waits for a process, with all that it says. `on` is called with what it has said so far. */
export function outcomeOf(
  child: ChildProcess,
  on: (said: string) => void = () => undefined,
): Promise<Outcome> {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      said += String(chunk);
      on(said);
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, said }));
  });
}
