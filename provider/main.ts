/**
 * What Pulumi's node host runs as a plugin: `main` of package.json, since it loads a plugin by its folder. Loading it does
 * nothing: the host calls the function that it exports. Programs that import the package get `components/` by `exports`.
 */
import "../components/program/peers";
import { main } from "@pulumi/pulumi/provider/server";
import { MigrationProvider } from "./migrationProvider";

/** Serves until the engine ends it. Its port is the first line on standard output. */
function serve(): Promise<void> {
  return main(new MigrationProvider(), process.argv.slice(2));
}

export = serve;
