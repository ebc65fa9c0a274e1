import type { Failure } from "./retries";
import { isRetried } from "./retries";

/** EC2's code: `InvalidVolume.NotFound`. The name of the failure where it is no answer of EC2's. */
export function codeOf(error: unknown): string {
  return (error as Failure).name;
}

/**
 * The sentence that pulumi-aws makes of a refusal: `creating EC2 Instance: operation error EC2: RunInstances, https
 * response error StatusCode: 400, RequestID: …, api error CODE: text`; where the request was sent again in vain, how
 * often in all; where nothing answered, what the system says.
 */
export function worded(doing: string, service: string, operation: string, error: unknown): Error {
  const { name, message, $metadata } = error as Failure;
  const { httpStatusCode, requestId = "", attempts = 1 } = $metadata ?? {};
  if (httpStatusCode === undefined && !isRetried(error)) {
    return new Error(`${doing}: operation error ${service}: ${operation}, ${message}`, { cause: error });
  }
  const inVain = isRetried(error) ? `exceeded maximum number of attempts, ${attempts}, ` : "";
  const answer =
    httpStatusCode === undefined
      ? `request send failed, ${unanswered(error)}`
      : `api error ${name}: ${message}`;
  return new Error(
    `${doing}: operation error ${service}: ${operation}, ${inVain}https response error ` +
      `StatusCode: ${httpStatusCode ?? 0}, RequestID: ${requestId}, ${answer}`,
    { cause: error },
  );
}

/** With several addresses of one name, the words are those of the attempts. */
function unanswered(error: unknown): string {
  const { message, code = "", errors } = error as Failure & { errors?: Error[] };
  return message || errors?.[0]?.message || code;
}
