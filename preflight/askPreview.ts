/** Previews a stack, or says why that cannot be. */
import { FailedError, RefusedError } from "../converter/errors";
import { type Preview, saidBy } from "../cli/preview/preview";
import { readPreview } from "../cli/preview/readPreview";
import { adviceFor, askPulumi, type Place, wordsOf } from "../cli/pulumi";

const WORDS = ["preview", "--json"];
/** A preview of a hundred migrations takes half a minute. */
const TIMEOUT_SECONDS = 1800;

/**
 * What `pulumi preview --json` prints of a stack; undefined: of the one that is selected. Throws a `FailedError` where Pulumi
 * prints no preview.
 */
export async function previewOf(stack: string | undefined, place: Place): Promise<string> {
  const question = { words: WORDS, stack, purpose: "previewing the stack", timeoutSeconds: TIMEOUT_SECONDS };
  const { stdout, stderr } = await askPulumi(question, place);
  // A preview that was refused is JSON as well, with the reasons among its diagnostics.
  if (stdout.trim().startsWith("{")) return stdout;
  const subject = stack ?? "the selected stack";
  throw new FailedError(
    `${subject}: pulumi gave no preview (${wordsOf(stderr)}). ${adviceFor(stderr, WORDS)}`,
  );
}

/** Understands it. Throws a `RefusedError` where the preview failed, or there is no migration to ask about. */
export function understood(text: string, from: string): Preview {
  const preview = readPreview(text, from);
  const errors = preview.diagnostics.filter(({ severity }) => severity === "error").map(saidBy);
  if (errors.length > 0) {
    throw new RefusedError(
      errors.map((found) => ({
        subject: "pulumi preview",
        found,
        advice: CREDENTIALS.test(found)
          ? "Give it credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run `aws sso login`."
          : "Mend that first: EC2 is asked about a preview that passes.",
      })),
    );
  }
  return preview;
}

/** The words of pulumi-aws for a caller that it does not have, or that EC2 does not know. */
const CREDENTIALS =
  /No valid credential sources|failed to refresh cached credentials|ExpiredToken|InvalidClientTokenId|unable to validate AWS credentials/i;
