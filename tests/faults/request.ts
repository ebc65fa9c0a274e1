/** What the process of one operation is told, and what it tells: as JSON, since a scenario may want to kill that process. */
import type { PvToHvmMigrationArgs } from "../../components";
import type { LocalCloud } from "../../local/prepare";

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** The stack's migrations, by name. */
export type Migrations = Record<string, PvToHvmMigrationArgs>;

/** What an operation may be asked besides. */
export interface OperationOptions {
  continueOnError?: boolean;
  /** `pulumi up --refresh`: EC2 is asked what has become of everything before anything is planned. */
  refresh?: boolean;
  /** URNs, as `--target` takes them. */
  target?: string[];
  /** A migration's former name, as a user writes it in `aliases`. */
  formerNames?: Record<string, string>;
  /** Another stack of the same project. Default: the environment's own. */
  stackName?: string;
  /** Folder of the package whose component the program uses. Default: the present one (`packages.ts`). */
  package?: string;
}

export interface Request extends Required<Pick<OperationOptions, "package" | "stackName">> {
  operation: Operation;
  migrations: Migrations;
  options: OperationOptions;
  local: Pick<LocalCloud, "engine" | "home" | "env">;
  /** Folder with the Pulumi.yaml. */
  workDir: string;
}

/** One line on descriptor 3. */
export type Message =
  | { kind: "text"; text: string }
  /** An operation on a resource has begun: `create sample-helper`. */
  | { kind: "operation"; operation: string }
  /** The last one; without an error where all went well. */
  | { kind: "end"; error?: string };
