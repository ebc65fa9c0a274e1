import { strict as assert } from "node:assert";
import { consoleText } from "../../../local/commands/consoleText";

/** As SeaBIOS and GRUB begin a console, and a login ends it. */
const SENT = Buffer.from(
  "\x1bc\x1b[?7l\x1b[2JSeaBIOS (version 1.16)\r\n\x1b[?7lé\x1b[0;32m  OK \x1b[0m\r\nlogin: ",
);

describe("a machine's console for a terminal", () => {
  it("has its text, and nothing that changes the terminal", () => {
    const text = String(consoleText(SENT, false));
    assert.equal(text, "SeaBIOS (version 1.16)\né  OK \nlogin: ");
    assert.doesNotMatch(text, /[^\P{Cc}\n]/u);
  });

  it("has every byte as it was sent where that is asked for", () =>
    assert.equal(consoleText(SENT, true), SENT));
});
