import { readFileSync } from "node:fs";

/** Version of an installed Pulumi SDK (`aws`, `tls`, `command`): the one that its provider must have. */
export function sdkVersion(name: string): string {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
