/** `npm run cloud -- quota [CODE VALUE]`: shows what the account may have at once, or changes one. */
import type { Cloud } from "../cloud/cloud";
import { changeQuota, quotaLines } from "../ec2Api/serviceQuotas";

/** The lines to print. @throws Error for other words than these. */
export async function quotaCommand({ settings }: Cloud, words: string[]): Promise<string[]> {
  const [code, value] = words;
  if (code !== undefined) {
    if (words.length !== 2) throw new Error("quota: takes CODE and VALUE, as in `quota L-1216C47A 16`.");
    await changeQuota(settings, code, Number(value));
  }
  return quotaLines(settings);
}
