/**
 * EC2's instance metadata for virtual machines. QEMU starts the responder for each connection to 169.254.169.254, so
 * nothing has to run beside the machine. It answers from files: one for each path, and a `.list` for each folder.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { makePrivateFolder, writePrivateFile } from "../privateFiles";

/** The responder's command line, without the folder that it answers from. */
export const RESPONDER_FILE = "metadata-responder";
export const METADATA_FOLDER = "metadata";

/** Writes what a machine's metadata service answers, and the service itself. */
export function writeMetadata(directory: string, metadata: Record<string, string>, userData?: string): void {
  const folder = path.join(directory, METADATA_FOLDER);
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(metadataFiles(metadata, userData))) {
    const file = path.join(folder, name);
    makePrivateFolder(path.dirname(file));
    writePrivateFile(file, text);
  }
  fs.writeFileSync(path.join(directory, RESPONDER_FILE), RESPONDER);
}

/**
 * The files below the metadata folder. A name that ends in a slash is a folder's own listing (EC2 lists
 * `public-keys/` as `0=name`); every other folder lists what is in it, folders with a slash.
 */
export function metadataFiles(metadata: Record<string, string>, userData?: string): Record<string, string> {
  const given = { ...metadata, ...(userData === undefined ? {} : { "user-data": userData }) };
  const leaves = Object.entries(given).filter(([name]) => !name.endsWith("/"));
  const listings = Object.entries(given).filter(([name]) => name.endsWith("/"));
  const files: Record<string, string> = {};
  for (const [folder, names] of listFolders(leaves.map(([name]) => `latest/${name}`))) {
    files[path.join(folder, ".list")] = [...names].sort().join("\n");
  }
  for (const [name, text] of leaves) files[`latest/${name}`] = text;
  for (const [name, text] of listings) files[`latest/${name}.list`] = text;
  return files;
}

/** Each folder of these files, with the names in it. */
function listFolders(files: string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const parts = file.split("/");
    parts.forEach((part, depth) => {
      const folder = parts.slice(0, depth).join("/");
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(depth < parts.length - 1 ? `${part}/` : part));
    });
  }
  return folders;
}

/**
 * One HTTP exchange on standard input and output; `$1` is the metadata folder. Version 1 is a plain GET; version 2
 * first PUTs for a token, which is given and then not asked for. Dated versions answer as `latest` does.
 */
export const RESPONDER = `#!/bin/sh
answer() { # status, type, file
  printf 'HTTP/1.1 %s\\r\\nServer: EC2ws\\r\\nContent-Type: %s\\r\\nContent-Length: %s\\r\\nConnection: close\\r\\n\\r\\n' \\
    "$1" "$2" "$(wc -c < "$3")"
  [ "$method" = HEAD ] || cat "$3"
}

cd "$1" || exit 1
carriage_return=$(printf '\\r')
read -r method target _version || exit 0
while read -r line; do
  case $line in ""|"$carriage_return") break ;; esac
done

path=\${target%%\\?*}
path=\${path#/}
case $path in [12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*) path=latest\${path#??????????} ;; esac
case $path in *..*|*/.*|.*) path=none ;; esac
path=\${path%/}

if [ "$method $path" = "PUT latest/api/token" ]; then
  printf 'HTTP/1.1 200 OK\\r\\nServer: EC2ws\\r\\nX-Aws-Ec2-Metadata-Token-Ttl-Seconds: 21600\\r\\nContent-Type: text/plain\\r\\n'
  printf 'Content-Length: 5\\r\\nConnection: close\\r\\n\\r\\ntoken'
elif [ -d "./$path" ]; then
  answer "200 OK" text/plain "./$path/.list"
elif [ -f "./$path" ]; then
  answer "200 OK" text/plain "./$path"
else
  answer "404 Not Found" text/html /dev/null
fi
`;
