/** Which regions of an account are asked. */
import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { awsSettings } from "../cli/aws/settings";
import type { Account } from "./aws";
import type { Unasked } from "./types";
import { attempt } from "./unasked";

/** The regions of an account that can be asked, of those that are wanted. */
export async function regionsOf(
  account: Account,
  wanted: string[] | "all" | undefined,
  home: string,
): Promise<{ regions: string[]; unasked: Unasked[] }> {
  if (wanted === undefined) return { regions: [home], unasked: [] };
  const where = { accountId: account.id };
  const answer = await attempt("which regions are switched on", where, () => listRegions(account, home));
  if ("unasked" in answer) {
    const regions = wanted === "all" ? [] : wanted;
    return { regions, unasked: wanted === "all" ? [answer.unasked] : [] };
  }
  const statuses = answer.value;
  const isOn = (region: string) => !["not-opted-in", undefined].includes(statuses.get(region));
  if (wanted === "all") return { regions: [...statuses.keys()].filter(isOn).sort(), unasked: [] };
  const off = wanted.filter((region) => !isOn(region));
  return {
    regions: wanted.filter(isOn),
    unasked: off.map((region) => ({
      ...where,
      region,
      what: "the whole region",
      ...whyOff(statuses, region),
    })),
  };
}

function whyOff(statuses: Map<string, string>, region: string): Pick<Unasked, "kind" | "found" | "advice"> {
  return statuses.has(region)
    ? {
        kind: "refused",
        found: "it is not switched on in this account.",
        advice: `Leave it out, or switch it on: aws account enable-region --region-name ${region}`,
      }
    : {
        kind: "refused",
        found: "EC2 knows no region of that name.",
        advice: "Look at the name: aws ec2 describe-regions --all-regions",
      };
}

/** EC2's word for each: `opt-in-not-required`, `opted-in` or `not-opted-in`. */
async function listRegions(account: Account, home: string): Promise<Map<string, string>> {
  const client = new EC2Client({ ...awsSettings(home), credentials: account.credentials });
  try {
    const { Regions = [] } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
    return new Map(
      Regions.map(({ RegionName = "", OptInStatus }) => [RegionName, OptInStatus ?? "opt-in-not-required"]),
    );
  } finally {
    client.destroy();
  }
}
