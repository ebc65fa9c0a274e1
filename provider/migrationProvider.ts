/** The component as a provider: what `pulumi` talks to when a program in another language uses it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { PvToHvmMigration, type PvToHvmMigrationArgs } from "../components";
import { thisProgram } from "../components/lookups/run";
import { untilJudged } from "../components/program/pvToHvmMigration";
import { checkPlainInputs, type InputSpec, type TypeSpecs } from "./plainInputs";

/** As a schema names the component: `package:index:class`. */
export const COMPONENT = "pv-to-hvm:index:PvToHvmMigration";

interface Schema {
  version: string;
  resources: {
    [type: string]: {
      inputProperties: { [input: string]: InputSpec };
      properties: { [output: string]: unknown };
    };
  };
  types: TypeSpecs;
}

/**
 * Serves a schema that was made when the package was: to infer it from the sources, as Pulumi's own host of components
 * does, takes some 20 seconds of type-checking at every start.
 */
export class MigrationProvider implements Provider {
  /** The text that GetSchema answers. */
  readonly schema: string;
  readonly version: string;
  private readonly known: Schema;

  /** Throws where there is no such file: the package is not built. */
  constructor(schemaFile = join(__dirname, "schema.json")) {
    this.schema = readFileSync(schemaFile, "utf8");
    this.known = JSON.parse(this.schema) as Schema;
    this.version = this.known.version;
  }

  /**
   * Makes the component and its children in the stack that asks. Throws an `InputPropertiesError` where its arguments are wrong,
   * by themselves or by what EC2 says, and an error where something is wrong with another that the program describes at the
   * same time. What is found out later rejects the outputs.
   */
  async construct(
    name: string,
    type: string,
    inputs: Inputs,
    options: ComponentResourceOptions,
  ): Promise<ConstructResult> {
    if (type !== COMPONENT) throw new Error(`${type} is no resource of pv-to-hvm. It has one: ${COMPONENT}.`);
    const { inputProperties, properties } = this.known.resources[COMPONENT];
    const problems = checkPlainInputs(inputs, inputProperties, this.known.types);
    // Rejects, when all that the program describes at the same time has been judged.
    if (problems.length > 0) await thisProgram().enter(name, problems).gate;
    const migration = new PvToHvmMigration(name, inputs as unknown as PvToHvmMigrationArgs, options);
    await untilJudged(migration);
    const state = Object.keys(properties).map((output) => [
      output,
      migration[output as keyof typeof migration],
    ]);
    return { urn: migration.urn, state: Object.fromEntries(state) as Inputs };
  }
}
