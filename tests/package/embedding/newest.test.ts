/** The package beside the newest SDKs. What is beside the oldest ones is rare: the checkout itself has that Pulumi SDK. */
import { itEmbeds } from "./embedding";
import { NEWEST } from "./ends";

describe("the npm package beside the newest Pulumi SDKs", function () {
  itEmbeds("newest", NEWEST);
});
