/** Copies files and folders to another machine over SFTP. */
import { readdir, stat } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { promisify } from "node:util";
import { utils, type Client, type SFTPWrapper } from "ssh2";
import type { Source } from "./asset";

type RemoteKind = "file" | "folder" | "absent";

/** Opens the server's sftp subsystem. Throws where the server has none. */
export function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) =>
      error ? reject(new Error(`ssh: subsystem request failed: ${error.message}`)) : resolve(sftp),
    );
  });
}

/**
 * Copies the source to `remotePath` as scp would: into it where it is a folder, over it where it is a file, and with the
 * folders above it made where it does not exist.
 */
export async function copySource(sftp: SFTPWrapper, source: Source, remotePath: string): Promise<void> {
  if ("text" in source) return copyText(sftp, source.text, remotePath);
  if ((await stat(source.path)).isDirectory()) return copyFolder(sftp, source.path, remotePath);
  const target =
    (await kindOf(sftp, remotePath)) === "folder"
      ? posix.join(remotePath, basename(source.path))
      : remotePath;
  await makeFolders(sftp, posix.dirname(target));
  await copyFile(sftp, source.path, target);
}

async function copyText(sftp: SFTPWrapper, text: string, remotePath: string): Promise<void> {
  if ((await kindOf(sftp, remotePath)) === "folder") {
    throw new Error(
      `remote path ${remotePath} is a directory; when using a text asset, remotePath must be a file path`,
    );
  }
  await makeFolders(sftp, posix.dirname(remotePath));
  await naming(`failed to write text content to remote path ${remotePath}`, () =>
    promisify<string, string>(sftp.writeFile.bind(sftp))(remotePath, text),
  );
}

async function copyFolder(sftp: SFTPWrapper, folder: string, remotePath: string): Promise<void> {
  const target = folder.endsWith("/") ? remotePath : posix.join(remotePath, basename(folder));
  await makeFolders(sftp, target);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [from, to] = [join(folder, entry.name), posix.join(target, entry.name)];
    await (entry.isDirectory() ? copyFolder(sftp, `${from}/`, to) : copyFile(sftp, from, to));
  }
}

function copyFile(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  return naming(`failed to copy file ${from} to remote path ${to}`, () =>
    promisify<string, string>(sftp.fastPut.bind(sftp))(from, to),
  );
}

/** Makes a folder and those above it. Throws where one of them is a file. */
async function makeFolders(sftp: SFTPWrapper, folder: string): Promise<void> {
  const kind = await kindOf(sftp, folder);
  if (kind === "folder") return;
  if (kind === "file") throw new Error(`remote path ${folder} exists but is not a directory`);
  await makeFolders(sftp, posix.dirname(folder));
  await naming(`failed to create remote directory ${folder}`, () =>
    promisify<string>(sftp.mkdir.bind(sftp))(folder),
  );
}

function kindOf(sftp: SFTPWrapper, path: string): Promise<RemoteKind> {
  return new Promise((resolve, reject) => {
    sftp.stat(path, (error, stats) => {
      if (!error) return resolve(stats.isDirectory() ? "folder" : "file");
      const { code } = error as { code?: unknown };
      if (code === utils.sftp.STATUS_CODE.NO_SUCH_FILE) return resolve("absent");
      reject(new Error(`failed to stat remote path ${path}: ${error.message}`));
    });
  });
}

async function naming(purpose: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`${purpose}: ${(error as Error).message}`);
  }
}
