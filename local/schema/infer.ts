/** The schema as Pulumi's own host of components would make it, from the types of the sources. */
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import { PvToHvmMigration } from "../../components";
import type { PackageSchema } from "./schemaTypes";

/** Type-checks the whole checkout at `root`, which takes some 20 seconds. */
export async function inferSchema(root: string): Promise<PackageSchema> {
  const provider = new ComponentProvider({
    components: [PvToHvmMigration],
    dirname: root,
    name: "pv-to-hvm",
  });
  return JSON.parse(await provider.getSchema()) as PackageSchema;
}
