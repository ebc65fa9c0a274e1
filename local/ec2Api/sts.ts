/** AWS' Security Token Service, as far as EC2's tools ask it: who am I, be another, and why was I refused. */
import { ACCOUNT_ID } from "../cloud/account";
import { Ec2Error } from "../cloud/errors";
import { decodeAuthorizationMessage } from "../rights/rights";
import type { Caller } from "./action";
import type { Clouds } from "./clouds";
import { requireRight } from "./rights";
import type { XmlElements } from "./xml";

export const STS_VERSION = "2011-06-15";

/** What a session's secret and token are: no signature is looked at. */
const UNUSED = "local";

type Answer = (clouds: Clouds, caller: Caller, parameter: (name: string) => string) => Promise<XmlElements>;

const ACTIONS: Record<string, Answer> = {
  async GetCallerIdentity({ home }, { accessKeyId }) {
    const { arn, userId } = await home.callers.identify(accessKeyId);
    return { Arn: arn, UserId: userId, Account: ACCOUNT_ID };
  },

  async AssumeRole({ home }, { accessKeyId }, parameter) {
    const caller = await home.callers.identify(accessKeyId);
    const session = await home.callers.assume(parameter("RoleArn"), parameter("RoleSessionName"), caller);
    return {
      AssumedRoleUser: { Arn: session.arn, AssumedRoleId: `${session.accessKeyId}:${session.sessionName}` },
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: UNUSED,
        SessionToken: UNUSED,
        Expiration: new Date(session.expires),
      },
    };
  },

  async DecodeAuthorizationMessage({ home }, { accessKeyId }, parameter) {
    requireRight("sts:DecodeAuthorizationMessage", await home.callers.identify(accessKeyId));
    try {
      return { DecodedMessage: decodeAuthorizationMessage(parameter("EncodedMessage")) };
    } catch (error) {
      if (error instanceof Ec2Error) throw error;
      throw new Ec2Error(
        "InvalidAuthorizationMessageException",
        "The message is not one that the local cloud has encoded",
      );
    }
  },
};

/** The children of `<ActionResponse>`. */
export async function answerSts(
  clouds: Clouds,
  caller: Caller,
  parameters: Map<string, string>,
): Promise<XmlElements> {
  const action = parameters.get("Action") ?? "";
  if (!Object.hasOwn(ACTIONS, action)) {
    throw new Ec2Error(
      "InvalidAction",
      `Could not find operation ${action} for version ${STS_VERSION}. The local cloud has ${Object.keys(ACTIONS).join(", ")}.`,
    );
  }
  const parameter = (name: string) => {
    const value = parameters.get(name);
    if (value) return value;
    throw new Ec2Error("ValidationError", `The request must contain the parameter ${name}`);
  };
  return { [`${action}Result`]: await ACTIONS[action](clouds, caller, parameter) };
}
