/** What AWS answers in place of an answer, by kind. Whether a right is lacking, `components/denied.ts` tells. */
import { isThrottlingError } from "@smithy/core/retry";
import { FailedError } from "../../converter/errors";

const UNKNOWN_CALLER =
  /^(AuthFailure|ExpiredToken|RequestExpired|UnrecognizedClientException|InvalidClientTokenId|SignatureDoesNotMatch)/;

/** Whether AWS does not know who asks: then every question gets the same refusal. */
export function isUnknownCaller({ name }: Error): boolean {
  return UNKNOWN_CALLER.test(name);
}

/** Whether AWS takes no more requests for the moment, or the quota of them is used up. */
export function isThrottled(error: Error): boolean {
  return (
    isThrottlingError(error as Error & { cause?: Error }) || error.name === "ServiceQuotaExceededException"
  );
}

/** The system's words for a server that does not answer, or is not there. */
const UNREACHED =
  /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|TimeoutError/;

/** Why a server could not be reached; undefined for an error of any other kind. */
export function whyUnreached(error: Error): string | undefined {
  const { name, message, code = "", errors } = error as NodeJS.ErrnoException & { errors?: Error[] };
  if (!UNREACHED.test(`${name} ${code} ${message}`)) return undefined;
  // With several addresses of one name, the words are those of the attempts.
  return message || errors?.[0]?.message || code;
}

const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;

/** Why AWS could not be asked in a region, in words; the error itself, where it is its answer. */
export function explained(error: Error, region: string): Error {
  const { name, message } = error;
  if (NO_CREDENTIALS.test(name)) {
    const advice = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws sso login`.";
    return new FailedError(`no AWS credentials were found (${message}). ${advice}`);
  }
  if (isUnknownCaller(error)) {
    return new FailedError(
      `AWS does not know the caller in ${region} (${name}: ${message}). Renew the credentials, and see whether the region is right and switched on in this account.`,
    );
  }
  const unreached = whyUnreached(error);
  if (unreached !== undefined) {
    return new FailedError(
      `EC2 of ${region} cannot be reached (${unreached}). Check the region's name, the network, and AWS_ENDPOINT_URL where it is set: it names another server.`,
    );
  }
  return error;
}
