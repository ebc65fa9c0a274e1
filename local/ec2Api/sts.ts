/** The one action of AWS' Security Token Service that tools of EC2's ask for: who am I. */
import { ACCOUNT_ID } from "../cloud/account";
import { Ec2Error } from "../cloud/errors";
import type { Caller } from "./action";
import type { XmlElements } from "./xml";

export const STS_VERSION = "2011-06-15";

/** The children of `<ActionResponse>`. */
export function answerSts({ accessKeyId }: Caller, parameters: Map<string, string>): XmlElements {
  const action = parameters.get("Action") ?? "";
  if (action !== "GetCallerIdentity") {
    throw new Ec2Error(
      "InvalidAction",
      `Could not find operation ${action} for version ${STS_VERSION}. The local cloud has GetCallerIdentity.`,
    );
  }
  const Arn = `arn:aws:iam::${ACCOUNT_ID}:user/${accessKeyId}`;
  return { GetCallerIdentityResult: { Arn, UserId: accessKeyId, Account: ACCOUNT_ID } };
}
