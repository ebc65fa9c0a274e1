/** The words that a member of EC2's model may be, read from the declarations of AWS' SDK: its schemas have none. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** EC2 gets new ones each week, and DescribeInstanceTypes has a code of its own for those that are none. */
const LEFT_TO_THE_CLOUD = ["InstanceType"];

/** By structure and member: `EbsBlockDevice.VolumeType`. Members that are no enumeration are not in it. */
export type EnumWords = ReadonlyMap<string, readonly string[]>;

let known: EnumWords | undefined;

/** All of them. Read once in a process: some 4 MB of text. */
export function enumWords(): EnumWords {
  return (known ??= readDeclarations(declarationsOf("@aws-sdk/client-ec2")));
}

function declarationsOf(module: string): string {
  return join(dirname(require.resolve(`${module}/package.json`)), "dist-types", "models");
}

function readDeclarations(folder: string): EnumWords {
  const enums = new Map(enumsIn(readFileSync(join(folder, "enums.d.ts"), "utf8")));
  const words = new Map<string, readonly string[]>();
  const models = readdirSync(folder).filter((name) => /^models_\d+\.d\.ts$/.test(name));
  for (const model of models) {
    for (const [member, type] of membersIn(readFileSync(join(folder, model), "utf8"))) {
      const found = LEFT_TO_THE_CLOUD.includes(type) ? undefined : enums.get(type);
      if (found) words.set(member, found);
    }
  }
  return words;
}

/** `export declare const VolumeType: { readonly gp2: "gp2"; … };` */
function* enumsIn(declarations: string): Generator<[string, string[]]> {
  for (const [, name, body] of declarations.matchAll(/^export declare const (\w+): \{\n([^}]*)\};/gm)) {
    yield [name, [...body.matchAll(/: "([^"]*)";/g)].map(([, word]) => word)];
  }
}

/** `export interface EbsBlockDevice { VolumeType?: VolumeType | undefined; … }`. An alias has an underscore before it. */
function* membersIn(declarations: string): Generator<[string, string]> {
  for (const [, name, body] of declarations.matchAll(/^export interface (\w+) \{\n([^]*?)^\}/gm)) {
    for (const [, member, type] of body.matchAll(/^    (\w+)\??: _?(\w+)(?:\[\])? \| undefined;/gm))
      yield [`${name.replace(/^_/, "")}.${member}`, type];
  }
}
