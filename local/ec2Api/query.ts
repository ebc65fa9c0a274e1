import { Ec2Error } from "../cloud/errors";
import type { Filter } from "../cloud/tags";

/**
 * The parameters of one request, as EC2's query protocol writes them: `VolumeId.1`, `Filter.1.Value.2`. Each is taken
 * once; what is left in the end is nothing that the local cloud understands.
 */
export class Query {
  private readonly left: Map<string, string>;
  readonly action: string;

  constructor(body: string) {
    this.left = new Map(new URLSearchParams(body));
    this.action = this.text("Action") ?? "";
    // 2016-11-15 is the only one that there still is.
    this.text("Version");
  }

  text(name: string): string | undefined {
    const value = this.left.get(name);
    this.left.delete(name);
    return value;
  }

  /** @throws Ec2Error `MissingParameter` */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new Ec2Error("MissingParameter", `The request must contain the parameter ${name}`);
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : Number(value);
  }

  flag(name: string): boolean {
    return this.text(name) === "true";
  }

  /** `Name.1`, `Name.2` … */
  list(name: string): string[] {
    const values: string[] = [];
    for (let index = 1; this.left.has(`${name}.${index}`); index++)
      values.push(this.required(`${name}.${index}`));
    return values;
  }

  /** `Filter.1.Name`, `Filter.1.Value.1` … */
  filters(): Filter[] {
    const filters: Filter[] = [];
    for (let index = 1; this.left.has(`Filter.${index}.Name`); index++) {
      const name = this.required(`Filter.${index}.Name`);
      filters.push({ name, values: this.list(`Filter.${index}.Value`) });
    }
    return filters;
  }

  /** @throws Ec2Error `UnknownParameter`: what is not understood is never ignored. */
  requireAllTaken(): void {
    const [name] = this.left.keys();
    if (name === undefined) return;
    throw new Ec2Error("UnknownParameter", `The parameter ${name} is not recognized`);
  }
}
