import { createHash } from "node:crypto";
import { Ec2Error } from "../cloud/errors";
import type { Context } from "./action";
import type { Input } from "./model/parameters";

/** An answer that is given again. */
interface Answered {
  /** Of the parameters: another request must not come by the same token. */
  digest: string;
  /** Milliseconds since 1970. */
  time: number;
  answer: object;
}

/** How long EC2 remembers a token: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/**
 * What was asked once with a token is not done again: a client that got no answer sends its request once more. In this
 * process alone: one that ends has answered what it was asked, and what outlives it is asked of another.
 */
export class ClientTokens {
  private readonly answered = new Map<string, Promise<Answered>>();

  /** The answer that a token has got, or undefined if it is new. */
  async find(context: Context, action: string, token: string, input: Input): Promise<object | undefined> {
    const known = await this.answered.get(keyOf(context, action, token))?.catch(() => undefined);
    if (!known) return undefined;
    if (known.digest === digestOf(input)) return known.answer;
    throw new Ec2Error(
      "IdempotentParameterMismatch",
      `Arguments on this idempotent request are inconsistent with arguments used in previous request(s) of token ${token}`,
    );
  }

  /** Does the work, unless the same is being done at this moment. A refusal is not remembered. */
  async once(
    context: Context,
    action: string,
    token: string,
    input: Input,
    work: () => Promise<object>,
  ): Promise<object> {
    const key = keyOf(context, action, token);
    const under = await this.find(context, action, token, input);
    if (under) return under;
    const doing = work().then((answer) => ({ digest: digestOf(input), time: Date.now(), answer }));
    this.answered.set(key, doing);
    try {
      return (await doing).answer;
    } catch (error) {
      this.answered.delete(key);
      throw error;
    } finally {
      await this.forget();
    }
  }

  private async forget(): Promise<void> {
    for (const [key, doing] of this.answered) {
      const answered = await Promise.race([doing, undefined]).catch(() => undefined);
      if (answered && Date.now() - answered.time > REMEMBERED_MS) this.answered.delete(key);
    }
  }
}

function keyOf({ region }: Context, action: string, token: string): string {
  return [region, action, token].join(" ");
}

function digestOf(input: Input): string {
  return createHash("sha256").update(JSON.stringify(input)).digest("hex");
}
