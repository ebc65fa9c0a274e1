import { plainText } from "../../converter/boot/console";

/**
 * A machine's serial console for a reader's terminal. What firmware and boot loader send would clear that terminal (`ESC c`)
 * and stop it from wrapping lines (`ESC [?7l`), so control sequences are taken out.
 * @param raw leaves every byte as the machine has sent it.
 */
export function consoleText(bytes: Buffer, raw: boolean): string | Buffer {
  return raw ? bytes : plainText(bytes.toString("utf8"));
}
