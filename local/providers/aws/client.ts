import { setTimeout as sleep } from "node:timers/promises";
import {
  EC2Client,
  type EC2ClientResolvedConfig,
  type $Command,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from "@aws-sdk/client-ec2";
import {
  GetCallerIdentityCommand,
  STSClient,
  type GetCallerIdentityCommandOutput,
} from "@aws-sdk/client-sts";
import type { Context, Properties } from "../provider";
import { persistently } from "./retries";
import { settingsOf, type Settings } from "./settings";
import { waitForState, type Wait } from "./waiting";
import { codeOf, worded } from "./wording";

/** A request to EC2, in the SDK's form, and the answer that it has. */
export type Request<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<
  I,
  O,
  EC2ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

/** What carries requests to EC2 and answers back; tests pass one of their own. */
export type Carrier = (request: { constructor: { name: string }; input: object }) => Promise<object>;

export interface ClientOptions {
  /** Default: EC2 itself. */
  carrier?: Carrier;
  /** Milliseconds between two looks at a state. Default 100. */
  everyMs?: number;
  /** Milliseconds before a request is sent for the second time. Default: see `persistently`. */
  pauseMs?: number;
}

/** EC2's codes for what is not there. An image that was deregistered is `Unavailable` for a while. */
const GONE = /\.(NotFound|Unavailable)$/;

/** Speaks with EC2 as pulumi-aws does: sends again what is throttled, words refusals, waits for states. */
export class Client {
  private configuration?: Settings;
  private connection?: { ec2: EC2Client; sts: STSClient };
  private identity?: Promise<GetCallerIdentityCommandOutput>;

  constructor(private readonly options: ClientOptions = {}) {}

  /** Takes the provider's configuration and, unless it says otherwise, asks STS whose the credentials are. */
  async configure(config: Properties): Promise<void> {
    this.configuration = settingsOf(config);
    this.connection = this.identity = undefined;
    const { triesCredentials, asksForAccount } = this.configuration;
    if (triesCredentials || asksForAccount) await this.caller();
  }

  get region(): string {
    return this.settings.region;
  }

  /** Who calls, by STS; asked once. */
  caller(): Promise<GetCallerIdentityCommandOutput> {
    this.identity ??= this.askWhoCalls();
    return this.identity;
  }

  /** ARN of a resource of EC2's, e.g. `volume/vol-…`. Images and snapshots are named without an account, as EC2 does. */
  async arn(resource: string): Promise<string> {
    const owner = /^(image|snapshot)\//.test(resource) ? "" : await this.account();
    return `arn:aws:ec2:${this.region}:${owner}:${resource}`;
  }

  /** Sends a request. A refusal comes out as pulumi-aws words it: what was being done, the action, EC2's code and text. */
  async call<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    doing: string,
    request: Request<I, O>,
  ): Promise<O> {
    try {
      return await this.send(request);
    } catch (error) {
      throw worded(doing, "EC2", actionOf(request), error);
    }
  }

  /** The same for what may be gone: undefined where EC2 says so. */
  find<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    doing: string,
    request: Request<I, O>,
  ): Promise<O | undefined> {
    return this.unless(GONE, doing, request);
  }

  /** Sends a request. Undefined if EC2 refuses it with one of these codes. */
  async unless<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    codes: RegExp,
    doing: string,
    request: Request<I, O>,
  ): Promise<O | undefined> {
    try {
      return await this.send(request);
    } catch (error) {
      if (codes.test(codeOf(error))) return undefined;
      throw worded(doing, "EC2", actionOf(request), error);
    }
  }

  /** Sends a request again while EC2 refuses it with these codes (a resource is still in use), until the user's time-out. */
  async sendWithRetries<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    codes: string[],
    timeoutSeconds: number,
    doing: string,
    request: () => Request<I, O>,
  ): Promise<O> {
    return (await this.retry(codes, timeoutSeconds, doing, request, false)) as O;
  }

  /** The same for a removal. Undefined if the resource is gone already. */
  removeWithRetries<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    codes: string[],
    timeoutSeconds: number,
    doing: string,
    request: () => Request<I, O>,
  ): Promise<O | undefined> {
    return this.retry(codes, timeoutSeconds, doing, request, true);
  }

  private async retry<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    codes: string[],
    timeoutSeconds: number,
    doing: string,
    request: () => Request<I, O>,
    mayBeGone: boolean,
  ): Promise<O | undefined> {
    const end = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      try {
        return await this.send(request());
      } catch (error) {
        if (mayBeGone && GONE.test(codeOf(error))) return undefined;
        if (!codes.includes(codeOf(error)) || Date.now() > end) {
          throw worded(doing, "EC2", actionOf(request()), error);
        }
      }
      await sleep(this.everyMs);
    }
  }

  /**
   * Waits as long as the user allows, or as pulumi-aws does by default. Ctrl-C does not cut it short: what has been made
   * must be recorded, or it would be left behind.
   */
  wait(
    context: Context,
    defaultTimeoutSeconds: number,
    what: Pick<Wait, "what" | "state" | "pending" | "target" | "reason">,
  ): Promise<void> {
    const timeoutSeconds = context.timeoutSeconds ?? defaultTimeoutSeconds;
    return waitForState({ ...what, timeoutSeconds, everyMs: this.everyMs });
  }

  private send<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    request: Request<I, O>,
  ): Promise<O> {
    if (this.options.carrier) return this.options.carrier(request) as Promise<O>;
    return this.connected.ec2.send(request as never);
  }

  private async askWhoCalls(): Promise<GetCallerIdentityCommandOutput> {
    try {
      return await this.connected.sts.send(new GetCallerIdentityCommand({}));
    } catch (error) {
      const doing =
        "Retrieving AWS account details: validating provider credentials: retrieving caller identity from STS";
      throw worded(
        `unable to validate AWS credentials. Details: ${doing}`,
        "STS",
        "GetCallerIdentity",
        error,
      );
    }
  }

  private async account(): Promise<string> {
    return this.settings.asksForAccount ? ((await this.caller()).Account ?? "") : "";
  }

  private get everyMs(): number {
    return this.options.everyMs ?? 100;
  }

  private get settings(): Settings {
    this.configuration ??= settingsOf({});
    return this.configuration;
  }

  /** One connection a process, kept alive between requests. */
  private get connected(): { ec2: EC2Client; sts: STSClient } {
    const { region, credentials, profile, attempts, endpoints } = this.settings;
    // It speaks to those who choose the SDK's version, which is inside the program.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const common = {
      region,
      credentials,
      profile,
      retryStrategy: persistently(attempts, this.options.pauseMs),
    };
    this.connection ??= {
      ec2: new EC2Client({ ...common, endpoint: endpoints.ec2 }),
      sts: new STSClient({ ...common, endpoint: endpoints.sts }),
    };
    return this.connection;
  }
}

function actionOf(request: object): string {
  return request.constructor.name.replace(/Command$/, "");
}
