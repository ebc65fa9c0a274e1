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
