/** Which accounts are asked, and by whose credentials. */
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { explained } from "../cli/aws/errors";
import { pages } from "../cli/aws/pages";
import { inTurns } from "../cli/inTurns";
import { awsSettings } from "../cli/aws/settings";
import { isDenied, plainWords } from "../components/denied";
import { RefusedError } from "../converter/errors";
import { type Account, roleCredentials } from "./aws";
import type { Unasked } from "./types";
import { toldOf } from "./unasked";

export interface Asked {
  accounts: Account[];
  /** Accounts whose role cannot be taken. */
  unasked: Unasked[];
}

interface Wanted {
  roleName?: string;
  accounts?: string[];
}

/** Throws `FailedError` if AWS does not know the caller, and `RefusedError` if the organization's accounts cannot be listed. */
export async function findAccounts({ roleName, accounts }: Wanted, region: string): Promise<Asked> {
  const caller = await whoAsks(region);
  if (roleName === undefined) return { accounts: [{ id: caller.id }], unasked: [] };
  const ids = accounts ?? (await organizationAccounts(region));
  const answers = await inTurns(ids, (id): Promise<Account | Unasked> =>
    id === caller.id ? Promise.resolve({ id }) : takeRole(id, roleName, caller.partition, region),
  );
  return {
    accounts: answers.filter((answer): answer is Account => "id" in answer),
    unasked: answers.filter((answer): answer is Unasked => "what" in answer),
  };
}

async function whoAsks(region: string): Promise<{ id: string; partition: string }> {
  const sts = new STSClient(awsSettings(region));
  try {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { id: Account, partition: Arn.split(":")[1] ?? "aws" };
  } catch (error) {
    throw explained(error as Error, region);
  } finally {
    sts.destroy();
  }
}

async function organizationAccounts(region: string): Promise<string[]> {
  const client = new OrganizationsClient(awsSettings(region));
  try {
    const accounts = await pages(paginateListAccounts({ client }, {}), (page) => page.Accounts);
    return accounts.filter(({ Status }) => Status === "ACTIVE").map(({ Id = "" }) => Id);
  } catch (error) {
    throw notListed(error as Error, region);
  } finally {
    client.destroy();
  }
}

function notListed(error: Error, region: string): Error {
  const isRefused = isDenied(error.name) || error.name === "AWSOrganizationsNotInUseException";
  if (!isRefused) return explained(error, region);
  const found = `its accounts cannot be listed (${error.name}: ${plainWords(error.message)}).`;
  const advice =
    "The organization's management account may list them, and one that it has named as a delegated administrator, with the right organizations:ListAccounts (policies/discover.json). Or name the accounts with --accounts.";
  return new RefusedError([{ subject: "the organization", found, advice }]);
}

async function takeRole(
  id: string,
  roleName: string,
  partition: string,
  region: string,
): Promise<Account | Unasked> {
  const arn = `arn:${partition}:iam::${id}:role/${roleName}`;
  const credentials = roleCredentials(arn, region);
  try {
    if (typeof credentials === "function") await credentials();
    return { id, credentials };
  } catch (error) {
    return toldOfRole(error as Error, arn, id);
  }
}

function toldOfRole(error: Error, arn: string, accountId: string): Unasked {
  const told = toldOf(error, "the whole account", { accountId });
  if (!isDenied(error.name)) return told;
  return {
    ...told,
    found: `the role ${arn} cannot be taken (${error.name}: ${plainWords(error.message)}).`,
    advice:
      "Look whether the account has a role of that name, whether its trust names the caller, and whether the caller has sts:AssumeRole for it (docs/fleet.md).",
  };
}
