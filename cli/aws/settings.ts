/** How every program here speaks to AWS. */

/** Throttled calls are tried again this often by the SDK, with growing pauses. AWS_MAX_ATTEMPTS says otherwise. */
const ATTEMPTS = 10;

/** For a client of the AWS SDK. What it does not say comes from the environment and the profile, as everywhere in AWS. */
export function awsSettings(region?: string): { region?: string; maxAttempts?: number } {
  // It speaks to those who choose the SDK's version, which is inside the program.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  return { region, ...(process.env.AWS_MAX_ATTEMPTS === undefined ? { maxAttempts: ATTEMPTS } : {}) };
}
