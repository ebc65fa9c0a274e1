/**
 * What the real provider's logic was asked for this project's graph and answered, and what it asked of EC2 meanwhile:
 * recorded with terraform-provider-aws behind Pulumi's dynamic bridge, which names types its own way.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../../../local/providers/provider";
import { AMI, ATTACHMENT, GROUP, INSTANCE, SNAPSHOT, STATE, VOLUME } from "./awsResource";

/** One operation of the engine's on the provider, with what it gave and what it got. */
export interface Operation {
  op: "check" | "diff" | "create" | "read" | "update" | "delete" | "invoke";
  /** pulumi-aws's token. */
  type: string;
  name: string;
  args: Properties;
  answer: Properties;
  olds: Properties;
  news: Properties;
  oldInputs: Properties;
  /** Of a read: the inputs that it gave back. */
  inputs: Properties;
  diff?: { changes: number; replaces: string[]; diffs: string[] };
}

/** The bridge's names of types, and pulumi-aws's. */
const TOKENS: Record<string, string> = {
  "aws:index/ami:Ami": AMI,
  "aws:index/ebsSnapshot:EbsSnapshot": SNAPSHOT,
  "aws:index/ebsVolume:EbsVolume": VOLUME,
  "aws:index/ec2InstanceState:Ec2InstanceState": STATE,
  "aws:index/getAmi:getAmi": "aws:ec2/getAmi:getAmi",
  "aws:index/getAmiIds:getAmiIds": "aws:ec2/getAmiIds:getAmiIds",
  "aws:index/getEbsSnapshot:getEbsSnapshot": "aws:ebs/getSnapshot:getSnapshot",
  "aws:index/getEc2InstanceType:getEc2InstanceType": "aws:ec2/getInstanceType:getInstanceType",
  "aws:index/getInstance:getInstance": "aws:ec2/getInstance:getInstance",
  "aws:index/getSubnet:getSubnet": "aws:ec2/getSubnet:getSubnet",
  "aws:index/instance:Instance": INSTANCE,
  "aws:index/securityGroup:SecurityGroup": GROUP,
  "aws:index/volumeAttachment:VolumeAttachment": ATTACHMENT,
};

interface Recording<T> {
  scenarios: Record<string, T[]>;
}

function fixture<T>(name: string): Recording<T> {
  return JSON.parse(readFileSync(join(__dirname, "fixtures", `${name}.json`), "utf8")) as Recording<T>;
}

/** By scenario: `up`, `refresh` … */
export function recordedAnswers(): [scenario: string, operations: Operation[]][] {
  const { scenarios } = fixture<Record<string, unknown>>("provider-answers");
  return Object.entries(scenarios).map(([scenario, rows]) => [scenario, rows.map(operationOf)]);
}

/** The actions of EC2's by scenario, in their order. */
export function recordedActions(): Record<string, string[]> {
  const { scenarios } = fixture<{ Action: string }>("ec2-requests");
  return Object.fromEntries(
    Object.entries(scenarios).map(([scenario, requests]) => [scenario, requests.map(({ Action }) => Action)]),
  );
}

/** Their parameters as they went over the wire, but for the values of tags, by scenario. */
export function recordedRequests(): Record<string, Record<string, string>[]> {
  const { scenarios } = fixture<Record<string, string | string[]>>("ec2-requests");
  return Object.fromEntries(
    Object.entries(scenarios).map(([scenario, requests]) => [scenario, requests.map(onTheWire)]),
  );
}

/** The recording has the keys of tags as one list. */
function onTheWire({ refused: _, ...request }: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request).flatMap(([name, value]) =>
      [value].flat().map((each, index) => [name.replace("*", String(index + 1)), each]),
    ),
  );
}

function operationOf(row: Record<string, unknown>): Operation {
  const given = (name: string) => (row[name] ?? {}) as Properties;
  return {
    op: row.op as Operation["op"],
    type: TOKENS[String(row.type)],
    name: String(row.name),
    args: { ...given("> Args"), ...given("> Properties") },
    answer: { ...given("< Return"), ...given("< Properties") },
    olds: given("> Olds"),
    news: given("> News"),
    oldInputs: { ...given("> OldInputs"), ...given("> Inputs") },
    inputs: given("< Inputs"),
    diff: row.diff as Operation["diff"],
  };
}
