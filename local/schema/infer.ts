/** The schema as Pulumi's own host of components would make it, from the types of the sources. */
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import type ts from "typescript";
import { PvToHvmMigration } from "../../components";
import type { PackageSchema } from "./schemaTypes";

/** Type-checks the whole checkout at `root`, which takes some 20 seconds. */
export async function inferSchema(root: string): Promise<PackageSchema> {
  const restore = passOverNarrowing("OneSource");
  try {
    const provider = new ComponentProvider({
      components: [PvToHvmMigration],
      dirname: root,
      name: "pv-to-hvm",
    });
    return JSON.parse(await provider.getSchema()) as PackageSchema;
  } finally {
    restore();
  }
}

interface AnalyzesTypes {
  analyzeType(context: unknown, type: ts.Type, ...more: unknown[]): unknown;
}

/**
 * Has the analyzer take the type in the brackets for a generic alias that makes a union of it: it refuses unions, since a
 * schema has none for objects, and has no place to be told so (SDK 3.248). Gives what undoes that.
 */
function passOverNarrowing(alias: string): () => void {
  const prototype = Analyzer.prototype as unknown as AnalyzesTypes;
  const { analyzeType } = prototype;
  prototype.analyzeType = function (context, type, ...more) {
    const narrowed = type.aliasSymbol?.name === alias ? type.aliasTypeArguments?.[0] : undefined;
    return analyzeType.call(this, context, narrowed ?? type, ...more);
  };
  return () => (prototype.analyzeType = analyzeType);
}
