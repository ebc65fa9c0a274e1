/** Where every request passes: understood, held against EC2's model, allowed, answered. */
import { EC2_ACTIONS, isEc2Action, type Ec2Action } from "../cloud/actions";
import type { Cloud } from "../cloud/cloud";
import { Ec2Error } from "../cloud/errors";
import { nearest } from "../../components/checks/nearest";
import type { Action, Caller, Context } from "./action";
import { ACTIONS } from "./actions";
import { ClientTokens } from "./clientTokens";
import type { Clouds } from "./clouds";
import { answerElements } from "./model/answer";
import { findOperation, type Operation } from "./model/model";
import { readParameters, type Input, type Parameters } from "./model/parameters";
import { rightsIn } from "./rights";
import type { XmlElements } from "./xml";

/** A request that has been understood, before anything is done. */
export interface Request {
  context: Context;
  action: Ec2Action;
  input: Input;
}

/** Says whether a caller may do what a request asks. @throws Ec2Error `UnauthorizedOperation` */
export type Authorize = (request: Request) => Promise<void>;

/** Every action that is asked for has to be one of EC2's, and one that is known here. */
interface Known {
  action: Ec2Action;
  operation: Operation;
}

export class Door {
  private readonly tokens = new ClientTokens();

  /** @param authorize the one place where a request may be refused for who sends it. Default: by the callers' policies. */
  constructor(
    readonly clouds: Clouds,
    private readonly authorize: Authorize = rightsIn(clouds),
  ) {}

  /** What the region holds in which a caller asks. @throws Ec2Error for a region that there is not. */
  cloudOf({ region }: Caller): Cloud {
    return this.clouds.of(region);
  }

  /** The children of `<ActionResponse>`. @throws Ec2Error by EC2's code */
  async answer(caller: Caller, parameters: Map<string, string>): Promise<XmlElements> {
    const { action, operation, handler, input } = understand(parameters);
    const context = { caller, region: caller.region, cloud: this.cloudOf(caller) };
    return answerElements(operation.output, await this.perform({ context, action, input }, handler));
  }

  private async perform(request: Request, handler: Action<Input>): Promise<object> {
    const { context, action, input } = request;
    const { DryRun, ClientToken, ...asked } = input;
    // Faults, as rights, are the account's: they hold in every region.
    await this.clouds.home.faults.meet(action);
    const token = typeof ClientToken === "string" && ClientToken !== "" ? ClientToken : undefined;
    const before = token === undefined ? undefined : await this.tokens.find(context, action, token, asked);
    if (before) return before;
    await this.authorize(request);
    const work = await handler.prepare(context, input);
    if (DryRun === true) throw wouldSucceed();
    return token === undefined ? work() : this.tokens.once(context, action, token, asked, work);
  }
}

interface Understood extends Known {
  handler: Action<Input>;
  input: Input;
}

/**
 * What a request asks for, held against EC2's model and what the local cloud has of it.
 * @throws Ec2Error `InvalidAction`, `UnknownParameter`, `MissingParameter`, `InvalidParameterValue`, `Unsupported`
 */
export function understand(parameters: Map<string, string>): Understood {
  const { action, operation } = requireKnown(parameters.get("Action") ?? "");
  const given = [...parameters].filter(([name]) => name !== "Action" && name !== "Version");
  const read = readParameters(operation.input, given);
  const handler: Action<Input> = ACTIONS[action];
  requireTaken(action, handler.takes, read);
  return { action, operation, handler, input: read.input };
}

function requireKnown(name: string): Known {
  const operation = findOperation(name);
  if (operation && isEc2Action(name)) return { action: name, operation };
  const which = operation
    ? `The local cloud does not have EC2's action ${name}.`
    : `The action ${name} is not valid for this web service.${question(name)}`;
  throw new Ec2Error("InvalidAction", `${which} The local cloud has ${EC2_ACTIONS.join(", ")}.`);
}

function question(name: string): string {
  const meant = nearest(name, [...EC2_ACTIONS]);
  return meant === undefined ? "" : ` Did you mean ${meant}?`;
}

/** What EC2 knows and the local cloud does not is refused by its name. */
function requireTaken(action: string, takes: readonly string[], { used }: Parameters): void {
  const isTaken = ({ path }: Parameters["used"][number]) =>
    [...takes, "DryRun", "ClientToken"].some(
      (name) => path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`),
    );
  const strange = used.find((each) => !isTaken(each));
  if (!strange) return;
  throw new Ec2Error(
    "Unsupported",
    `The local cloud does not have the parameter ${strange.parameter} of ${action}, which EC2 has. ` +
      "Leave it out, or run against EC2.",
  );
}

function wouldSucceed(): Ec2Error {
  return new Ec2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
}
