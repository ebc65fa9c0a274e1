/** The Go examples: vetted and built, and previewed by the real engine. */
import { go } from "./languages";
import { itPlansWhatEveryLanguagePlans } from "./previews";
import { has } from "./sdk/toolRun";
import { type Language, Stage } from "./stage";

describe("the examples in Go", function () {
  // Where nothing is built yet, Pulumi's whole SDK is.
  this.timeout(900_000);
  let stage: Stage;
  let language: Language;
  before(async function () {
    if (!has("go")) {
      console.log("      skipped: there is no go here");
      this.skip();
    }
    language = await go();
    stage = await Stage.open();
  });
  after(() => stage?.close());

  itPlansWhatEveryLanguagePlans(() => ({ stage, language }));
});
