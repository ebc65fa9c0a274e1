/** What the graph really is made of, over all shapes that arguments can give it, and what that asks of EC2. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PvToHvmMigrationArgs } from "../../components";
import { IDS } from "../components/ec2";
import { ANSWERS, LAUNCHING, PREPARING, register, type World } from "../components/mockEngine";
import { publishedImage, worldWith } from "../components/published/publishedImages";

/** What pulumi-aws asks of EC2; see the file's own `about`. */
interface Requests {
  recorded: { [story: string]: string[] };
  further: { [action: string]: string };
  harmless: { [action: string]: string };
  onSources: { [action: string]: string };
  types: { resources: string[]; lookUps: { [token: string]: string[] } };
}

export const REQUESTS = JSON.parse(
  readFileSync(join(__dirname, "fixtures", "requests.json"), "utf8"),
) as Requests;

/** Stories that change nothing. */
const LOOKING = ["preview of a new stack", "up again", "refresh"];

/** The EC2 actions that migrations need, sorted. */
export interface Needs {
  /** Of look-ups, and of reading what is there: a preview with `--refresh`. */
  reads: string[];
  /** What an update or a destroy does besides. */
  changes: string[];
  /** What it does to a volume or an instance that no migration has made. */
  sourceChanges: string[];
}

const { recorded, further, harmless, onSources, types } = REQUESTS;

/** What the recorded stories and all that they had no occasion for need together. */
export function needsOfAll(): Needs {
  const of = (stories: string[]) => stories.flatMap((story) => recorded[story]);
  const isLookUp = (action: string) => Object.values(types.lookUps).flat().includes(action);
  const needed = (actions: string[]) => sorted(actions.filter((action) => !(action in harmless)));
  const reads = needed([...of(LOOKING), ...Object.keys(further).filter(isLookUp)]);
  const all = needed([...of(Object.keys(recorded)), ...Object.keys(further)]);
  return {
    reads,
    changes: all.filter((action) => !reads.includes(action)),
    sourceChanges: sorted(Object.keys(onSources)),
  };
}

const EVERYTHING: PvToHvmMigrationArgs = {
  ...LAUNCHING,
  launch: { ...LAUNCHING.launch!, securityGroupIds: ["sg-0ffffffffffffffff"], keyName: "operations" },
  destination: { sizeGb: 20, kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1" },
  image: { description: "The old web server, as HVM" },
  tags: { owner: "operations" },
};

/** Every shape of the graph. */
export const VARIANTS: [title: string, args: PvToHvmMigrationArgs, world?: World][] = [
  ["an image", EVERYTHING],
  ["an image to be made public", { ...EVERYTHING, destination: { encrypted: false } }],
  ["a launch into the default group", LAUNCHING],
  ["a snapshot", { ...EVERYTHING, source: { snapshotId: IDS.snapshot } }],
  ["a volume", { ...EVERYTHING, source: { volumeId: IDS.root } }],
  ["a running instance", { ...EVERYTHING, source: { instanceId: IDS.instance } }],
  ["an instance that is prepared and stopped", { ...EVERYTHING, source: PREPARING.source }],
  ["a helper that goes on running", { ...EVERYTHING, workbench: "running" }],
  ["an inspection alone", { ...EVERYTHING, until: "inspect" }],
  ["a rehearsal that is skipped", { ...EVERYTHING, rehearsal: { skip: true } }],
  ["a removed workbench", { ...LAUNCHING, workbench: "removed" }, worldWith([publishedImage()])],
];

/** The providers whose resources call no AWS. */
const WITHOUT_AWS = ["command:", "tls:", "pv-to-hvm:", "pulumi:"];

/** What all variants are made of: types of resources that ask something of AWS, and look-ups by their tokens. */
export async function madeOf(variants = VARIANTS): Promise<{ resources: string[]; lookUps: string[] }> {
  const tokens: string[] = [];
  const resources: string[] = [];
  for (const [, args, world] of variants) {
    const { registered } = await register(args, recording(tokens, world));
    resources.push(...registered.map(({ type }) => type));
  }
  const ofAws = (type: string) => !WITHOUT_AWS.some((prefix) => type.startsWith(prefix));
  return { resources: sorted(resources.filter(ofAws)), lookUps: sorted(tokens) };
}

function recording(tokens: string[], { calls, states }: World = {}): World {
  const all = Object.entries({ ...ANSWERS, ...calls });
  const recordedCalls = all.map(([token, answer]): [string, typeof answer] => [
    token,
    (args) => (tokens.push(token), answer(args)),
  ]);
  return { states, calls: Object.fromEntries(recordedCalls) };
}

export function sorted(all: string[]): string[] {
  return [...new Set(all)].sort();
}
