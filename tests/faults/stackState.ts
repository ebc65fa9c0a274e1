/** What the engine knows of a stack: its file, as the file backend keeps it. Read only. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  /** Replaced, and still to be deleted. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface Deployment {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

export class StackState {
  constructor(private readonly file: string) {}

  /** The file of a stack in a PULUMI_HOME of the local cloud. */
  static of(home: string, stackName: string): StackState {
    return new StackState(join(home, "state", ".pulumi", "stacks", "pv-to-hvm", `${stackName}.json`));
  }

  resources(): StateResource[] {
    return this.deployment().resources ?? [];
  }

  /** `creating sample-image`: begun, and nobody knows how it ended. */
  pending(): string[] {
    return (this.deployment().pending_operations ?? []).map(
      ({ type, resource }) => `${type} ${nameOf(resource)}`,
    );
  }

  /** The resource of this name that is not about to be deleted. */
  named(name: string): StateResource | undefined {
    return this.resources().find((resource) => nameOf(resource) === name && !resource.delete);
  }

  /** What the program gave as its outputs, by migration. */
  outputs(): Record<string, Record<string, unknown>> {
    const stack = this.resources().find(({ type }) => type === "pulumi:pulumi:Stack");
    return (stack?.outputs ?? {}) as Record<string, Record<string, unknown>>;
  }

  private deployment(): Deployment {
    if (!existsSync(this.file)) return {};
    const { checkpoint } = JSON.parse(readFileSync(this.file, "utf8")) as {
      checkpoint: { latest?: Deployment };
    };
    return checkpoint.latest ?? {};
  }
}

/** The last part of its URN. */
export function nameOf({ urn }: StateResource): string {
  return urn.split("::").pop() ?? urn;
}
