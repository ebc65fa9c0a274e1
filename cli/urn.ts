/** The parts of `urn:pulumi:STACK::PROJECT::TYPES::NAME`, the name by which the engine knows a resource. Pure. */

export interface UrnParts {
  stack: string;
  project: string;
  /** e.g. `aws:ec2/instance:Instance`: the last of the types, without those of its parents. */
  type: string;
  /** A resource's name may have colons of its own. */
  name: string;
}

/** Missing parts are empty. */
export function partsOf(urn: string): UrnParts {
  const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, project, type: types.split("$").pop() ?? "", name: name.join("::") };
}
