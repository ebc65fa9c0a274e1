/**
 * EC2's instance metadata for virtual machines. QEMU starts the responder for each connection to 169.254.169.254, so
 * nothing has to run beside the machine. It answers from files: one for each path, and a `.list` for each folder.
 */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { makePrivateFolder, writePrivateFile } from "../privateFiles";

/** The responder's command line, without the folder that it answers from. */
export const RESPONDER_FILE = "metadata-responder";
export const METADATA_FOLDER = "metadata";

/** What the service goes by; neither is a path that it answers. */
const OPTIONS_FILE = ".options";
const SECRET_FILE = ".secret";

/** Of EC2's `MetadataOptions` what has an effect here. A guest is one hop away, so no hop limit keeps it from an answer. */
export interface MetadataOptions {
  /** `required`: a request without a token is refused. */
  httpTokens?: string;
  /** `disabled`: every request is refused. */
  httpEndpoint?: string;
}

/** Writes what a machine's metadata service answers, and the service itself. */
export function writeMetadata(
  directory: string,
  metadata: Record<string, string>,
  userData?: string,
  options: MetadataOptions = {},
): void {
  const folder = path.join(directory, METADATA_FOLDER);
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(metadataFiles(metadata, userData))) {
    const file = path.join(folder, name);
    makePrivateFolder(path.dirname(file));
    writePrivateFile(file, text);
  }
  // Tokens are good for as long as the machine runs: EC2's do not outlive it either.
  writePrivateFile(path.join(folder, SECRET_FILE), randomBytes(32).toString("hex"));
  writeMetadataOptions(directory, options);
  fs.writeFileSync(path.join(directory, RESPONDER_FILE), RESPONDER);
}

/** Sets what the service of a machine goes by from its next request on. Nothing, where the machine has none. */
export function writeMetadataOptions(directory: string, { httpTokens, httpEndpoint }: MetadataOptions): void {
  const folder = path.join(directory, METADATA_FOLDER);
  if (!fs.existsSync(folder)) return;
  const text = `tokens=${httpTokens === "required" ? "required" : "optional"}\nendpoint=${httpEndpoint === "disabled" ? "disabled" : "enabled"}\n`;
  const file = path.join(folder, OPTIONS_FILE);
  // In one piece: a request may come at any moment.
  writePrivateFile(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
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

/** A shell's pattern of a header's name, which has no case. */
function anyCase(name: string): string {
  return name.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

/**
 * One HTTP exchange on standard input and output; `$1` is the metadata folder. Version 1 is a plain GET; version 2
 * first PUTs for a token, for the seconds that it asks for. A token is its end and a digest of it, so none has to be kept.
 * Dated versions answer as `latest` does. Statuses are EC2's
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).
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
token='' ttl='' forwarded=''
while read -r line; do
  line=\${line%"$carriage_return"}
  value=\${line#*:}
  value=\${value# }
  case $line in
    "") break ;;
    ${anyCase("X-aws-ec2-metadata-token:")}*) token=$value ;;
    ${anyCase("X-aws-ec2-metadata-token-ttl-seconds:")}*) ttl=$value ;;
    ${anyCase("X-Forwarded-For:")}*) forwarded=yes ;;
  esac
done

. ./${OPTIONS_FILE}
token_until() { printf '%s-' "$1"; printf '%s %s' "$1" "$(cat ${SECRET_FILE})" | sha256sum | cut -c 1-40; }
is_good() {
  until=\${1%%-*}
  case $until in ""|*[!0-9]*) return 1 ;; esac
  [ "$until" -gt "$(date +%s)" ] && [ "$1" = "$(token_until "$until")" ]
}
refuse() { answer "$1" text/html /dev/null; exit 0; }

path=\${target%%\\?*}
path=\${path#/}
case $path in [12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*) path=latest\${path#??????????} ;; esac
case $path in *..*|*/.*|.*) path=none ;; esac
path=\${path%/}

[ "$endpoint" = enabled ] || refuse "403 Forbidden"
if [ "$method $path" = "PUT latest/api/token" ]; then
  [ -z "$forwarded" ] || refuse "403 Forbidden"
  case $ttl in ""|*[!0-9]*|??????*) refuse "400 Bad Request" ;; esac
  { [ "$ttl" -ge 1 ] && [ "$ttl" -le 21600 ]; } || refuse "400 Bad Request"
  token=$(token_until "$(($(date +%s) + ttl))")
  printf 'HTTP/1.1 200 OK\\r\\nServer: EC2ws\\r\\nX-Aws-Ec2-Metadata-Token-Ttl-Seconds: %s\\r\\nContent-Type: text/plain\\r\\n' "$ttl"
  printf 'Content-Length: %s\\r\\nConnection: close\\r\\n\\r\\n%s' "\${#token}" "$token"
  exit 0
fi
if [ -n "$token" ]; then is_good "$token" || refuse "401 Unauthorized"
elif [ "$tokens" = required ]; then refuse "401 Unauthorized"; fi
if [ -d "./$path" ]; then
  answer "200 OK" text/plain "./$path/.list"
elif [ -f "./$path" ]; then
  answer "200 OK" text/plain "./$path"
else
  answer "404 Not Found" text/html /dev/null
fi
`;
