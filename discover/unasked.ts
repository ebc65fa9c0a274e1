/** What AWS answers in place of an answer: told beside what was found, since one refusal does not end the others' questions. */
import { explained, isThrottled, isUnknownCaller } from "../cli/aws/errors";
import { isDenied, plainWords } from "../components/denied";
import type { Unasked } from "./types";

type Where = Pick<Unasked, "accountId" | "region">;

/** The answer, or what is to be told in its place. `what`: `images`. */
export async function attempt<T>(
  what: string,
  where: Where,
  ask: () => Promise<T>,
): Promise<{ value: T } | { unasked: Unasked }> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { unasked: toldOf(error as Error, what, where) };
  }
}

/** An error of AWS', as it is told. */
export function toldOf(error: Error, what: string, where: Where): Unasked {
  const { name } = error;
  // What the SDK adds in further lines is for programmers.
  const said = `${name}: ${plainWords(error.message.split("\n")[0])}`;
  if (isDenied(name)) {
    const advice =
      "Give the caller the rights of policies/discover.json (docs/fleet.md). If it has them, a service control policy or a permissions boundary forbids it.";
    return { ...where, what, kind: "refused", found: `AWS does not let the caller ask (${said}).`, advice };
  }
  if (isUnknownCaller(error)) {
    const advice = "Renew the credentials, and see whether the region is switched on in this account.";
    return { ...where, what, kind: "refused", found: `AWS does not know the caller (${said}).`, advice };
  }
  if (isThrottled(error)) {
    const advice =
      "Wait until other programs ask less, and run the same command again; AWS_MAX_ATTEMPTS=20 is more patient.";
    const found = `AWS takes no more requests at this time (${said}), asked again and again with growing pauses.`;
    return { ...where, what, kind: "failed", found, advice };
  }
  const reason = explained(error, where.region ?? "this account");
  const [found, advice] = inTwo(reason === error ? said : reason.message);
  return { ...where, what, kind: "failed", found, advice: advice || "Run the same command again." };
}

/** What was found, and what to do about it. */
export function inTwo(message: string): [string, string] {
  const end = message.search(/\. [A-Z]/);
  return end === -1
    ? [`${message.replace(/\.$/, "")}.`, ""]
    : [message.slice(0, end + 1), message.slice(end + 2)];
}

/** One entry for all questions of a place that got the same answer: without credentials that is each of them. */
export function merged(all: Unasked[]): Unasked[] {
  const byAnswer = new Map<string, Unasked>();
  for (const each of all) {
    const { what, found, ...rest } = each;
    // Only the action differs from one question to the next.
    const key = JSON.stringify([rest, found.replace(/\w+:(Describe|List)\w+/g, "")]);
    const same = byAnswer.get(key);
    byAnswer.set(
      key,
      same ? { ...same, what: `${same.what}, ${what}`, found: bothFound(same.found, found) } : each,
    );
  }
  return [...byAnswer.values()];
}

function bothFound(before: string, now: string): string {
  const [action] = /\w+:(Describe|List)\w+/.exec(now) ?? [];
  if (action === undefined || before.includes(action)) return before;
  return before.replace(/\w+:(Describe|List)\w+(?!.*\w+:(Describe|List))/, (last) => `${last}, ${action}`);
}

/** One sentence for a person. */
export function inWords({ accountId, region, what, found, advice }: Unasked): string {
  const place = [accountId, region].filter(Boolean).join(" ");
  return `${place === "" ? "" : `${place}, `}${what}: ${found} ${advice}`;
}
