/** A request's parameters, held against EC2's model: `VolumeId.1=vol-…` becomes `{ VolumeIds: ["vol-…"] }`. */
import { nearest } from "../../../components/checks/nearest";
import { Ec2Error } from "../../cloud/errors";
import { enumWords } from "./enumWords";
import { requiredIn, wireName, type Schema } from "./model";

export type Input = { [member: string]: unknown };

/** What a request asks for, and by which names of EC2's model it does so: `BlockDeviceMappings.Ebs.VolumeSize`. */
export interface Parameters {
  input: Input;
  /** A request's name of each: `BlockDeviceMapping.1.Ebs.VolumeSize`. */
  used: { path: string; parameter: string }[];
}

/** One step of `BlockDeviceMapping.1.Ebs.VolumeSize`. */
interface Node {
  value?: string;
  children: Map<string, Node>;
}

/**
 * All parameters of an action.
 * @throws Ec2Error `UnknownParameter` for a name that the model does not have, with the nearest that it has;
 *   `MissingParameter`; `InvalidParameterValue` for a value of another type, and for a word that is none of an enumeration's.
 */
export function readParameters(input: Schema, given: Iterable<[string, string]>): Parameters {
  const reader = new Reader();
  return { input: reader.structure(input, treeOf(given), "", []) as Input, used: reader.used };
}

function treeOf(given: Iterable<[string, string]>): Node {
  const root: Node = { children: new Map() };
  for (const [name, value] of given) {
    let node = root;
    for (const step of name.split(".")) {
      const next: Node = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, next);
      node = next;
    }
    node.value = value;
  }
  return root;
}

class Reader {
  readonly used: Parameters["used"] = [];

  structure(schema: Schema, node: Node, parameter: string, path: string[]): unknown {
    if (!schema.isStructSchema()) return this.nothing(node, parameter);
    const members = new Map([...schema.structIterator()].map(([name, of]) => [wireName(name, of), name]));
    const read: Input = {};
    for (const [name, child] of node.children) {
      const member = members.get(name);
      if (member === undefined) throw unknown(below(parameter, name), [...members.keys()], parameter);
      const kind = schema.getMemberSchema(member);
      const owner = `${schema.getName()}.${member}`;
      read[member] = this.value(kind, child, below(parameter, name), [...path, member], owner);
    }
    for (const member of requiredIn(schema)) {
      if (read[member] === undefined)
        throw missing(below(parameter, wireName(member, schema.getMemberSchema(member))));
    }
    return read;
  }

  private nothing({ children }: Node, parameter: string): unknown {
    const [name] = children.keys();
    if (name !== undefined) throw unknown(below(parameter, name), [], parameter);
    return {};
  }

  private value(schema: Schema, node: Node, parameter: string, path: string[], owner: string): unknown {
    if (schema.isListSchema()) return this.list(schema, node, parameter, path, owner);
    if (schema.isStructSchema()) {
      if (node.children.size === 0) this.used.push({ path: path.join("."), parameter });
      return this.structure(schema, node, parameter, path);
    }
    const [deeper] = node.children.keys();
    if (deeper !== undefined) throw unknown(below(parameter, deeper), [parameter], "");
    this.used.push({ path: path.join("."), parameter });
    return scalar(schema, node.value ?? "", parameter, owner);
  }

  /** EC2 minds the order of the numbers and not whether one is left out. */
  private list(schema: Schema, node: Node, parameter: string, path: string[], owner: string): unknown[] {
    if (node.children.size === 0 && node.value !== "") throw unknown(parameter, [`${parameter}.1`], "");
    const items = [...node.children].map(([index, child]) => {
      if (!/^[1-9]\d*$/.test(index)) throw unknown(below(parameter, index), [`${parameter}.1`], "");
      return { index: Number(index), child };
    });
    return items
      .sort((one, other) => one.index - other.index)
      .map(({ index, child }) =>
        this.value(schema.getValueSchema(), child, below(parameter, String(index)), path, owner),
      );
  }
}

function scalar(schema: Schema, value: string, parameter: string, owner: string): unknown {
  if (schema.isNumericSchema()) return numberOf(value, parameter);
  if (schema.isBooleanSchema()) return booleanOf(value, parameter);
  if (schema.isTimestampSchema()) return dateOf(value, parameter);
  if (schema.isBlobSchema()) return Buffer.from(value, "base64");
  const words = enumWords().get(owner);
  if (words && value !== "" && !words.includes(value)) throw notAmong(words, value, parameter);
  return value;
}

function numberOf(value: string, parameter: string): number {
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw invalid(value, parameter, "a number");
}

function booleanOf(value: string, parameter: string): boolean {
  const word = value.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  throw invalid(value, parameter, "true or false");
}

function dateOf(value: string, parameter: string): Date {
  const date = new Date(value);
  if (!Number.isNaN(date.getTime())) return date;
  throw invalid(value, parameter, "a time such as 2027-01-31T12:00:00Z");
}

/** All words where a person can read them all, else the one that was likely meant. */
const MOST_WORDS = 12;

function notAmong(words: readonly string[], value: string, parameter: string): Ec2Error {
  const meant = nearest(value, [...words]);
  if (words.length <= MOST_WORDS || meant === undefined)
    return invalid(value, parameter, words.slice(0, MOST_WORDS).join(", "));
  return invalid(value, parameter, `${meant}, or another of the ${words.length} words of EC2's model`);
}

function invalid(value: string, parameter: string, expected: string): Ec2Error {
  return new Ec2Error(
    "InvalidParameterValue",
    `Value (${value}) for parameter ${parameter} is invalid. Expected: ${expected}`,
  );
}

function missing(parameter: string): Ec2Error {
  return new Ec2Error("MissingParameter", `The request must contain the parameter ${parameter}`);
}

function unknown(parameter: string, names: string[], above: string): Ec2Error {
  const meant = nearest(
    parameter,
    names.map((name) => below(above, name)),
  );
  const question = meant === undefined ? "" : `. Did you mean ${meant}?`;
  return new Ec2Error("UnknownParameter", `The parameter ${parameter} is not recognized${question}`);
}

function below(parameter: string, name: string): string {
  return parameter === "" ? name : `${parameter}.${name}`;
}
