/** What the account has set for everything that is made in this region. */
import {
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  GetInstanceMetadataDefaultsCommand,
} from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { at, textOf } from "../cli/preview/preview";
import type { Clients } from "./clients";
import type { Plan } from "./plan";
import { looked } from "./refusal";
import { migrationsIn, type Row } from "./row";

export async function askAccount(plan: Plan, clients: Clients): Promise<Row[]> {
  const [caller, ...rest] = await Promise.all([
    askCaller(clients),
    askEncryption(plan, clients),
    askMetadata(plan, clients),
  ]);
  return [caller, ...rest.flat()];
}

async function askCaller({ sts, region }: Clients): Promise<Row> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  const found = `account ${Account ?? "not named"}, region ${region}, as ${Arn ?? "somebody who is not named"}`;
  return { what: "who asks", migrations: [], answer: "yes", found };
}

async function askEncryption({ pieces }: Plan, { ec2 }: Clients): Promise<Row[]> {
  const plain = pieces.filter(({ role, inputs }) => role === "destination" && inputs?.encrypted === false);
  const row = { what: "encryption by default", migrations: migrationsIn(plain) };
  const answer = await looked(row, async () => {
    const { EbsEncryptionByDefault } = await ec2.send(new GetEbsEncryptionByDefaultCommand({}));
    if (EbsEncryptionByDefault !== true) return undefined;
    return (await ec2.send(new GetEbsDefaultKmsKeyIdCommand({}))).KmsKeyId ?? "the account's default key";
  });
  if ("row" in answer) return [answer.row];
  const key = answer.value;
  if (key === undefined) return [{ ...row, migrations: [], answer: "yes", found: "off in this account" }];
  if (plain.length === 0) {
    const found = `on, with ${key}. Volumes for which destination.kmsKeyId names no other are encrypted with it`;
    return [{ ...row, answer: "yes", found }];
  }
  const found = `on, with ${key}: the image will be encrypted although destination.encrypted is false`;
  const advice =
    "Leave destination.encrypted out, or name a key with destination.kmsKeyId. An image under the key of aws/ebs cannot be shared " +
    "with another account. To have it plain, switch encryption by default off for this region.";
  return [{ ...row, answer: "no", found, advice }];
}

/**
 * Whether launches without tokens are refused. `HttpTokensEnforced` is EC2's own refusal; a default alone is overridden by
 * what a launch says of itself.
 */
async function askMetadata({ pieces }: Plan, { ec2 }: Clients): Promise<Row[]> {
  const machines = pieces.filter(
    ({ type, inputs }) => type === "aws:ec2/instance:Instance" && inputs !== undefined,
  );
  if (machines.length === 0) return [];
  const row = { what: "metadata service (IMDS)", migrations: migrationsIn(machines) };
  const answer = await looked(row, () => ec2.send(new GetInstanceMetadataDefaultsCommand({})));
  if ("row" in answer) return [answer.row];
  const { HttpTokens, HttpTokensEnforced } = answer.value.AccountLevel ?? {};
  const optional = machines.filter(
    ({ inputs }) => textOf(at(inputs, "metadataOptions.httpTokens")) !== "required",
  );
  const setting = `the account's default for tokens is ${HttpTokens ?? "no preference"}`;
  if (HttpTokensEnforced !== "enabled") return [{ ...row, answer: "yes", found: setting }];
  if (optional.length === 0)
    return [{ ...row, answer: "yes", found: `${setting}, and enforced: each launch asks for them` }];
  const found = "the account enforces tokens (HttpTokensEnforced), and this launch does not ask for them";
  const advice =
    "Set launch.metadataTokens to required, if the guest's tools can use tokens or need no metadata.";
  return [{ ...row, migrations: migrationsIn(optional), answer: "no", found, advice }];
}
