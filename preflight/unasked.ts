import { FailedError } from "../converter/errors";
import { whyUnreached } from "../sweep/unreached";
import { isUnknownCaller } from "./refusal";

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
