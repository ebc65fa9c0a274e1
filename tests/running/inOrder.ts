/**
 * For a suite that tells one story in order: once a test has failed, the next one fails with its title, and the rest is left
 * out. mocha's own `bail` looks at the failures of all files: it left out this story since another one had failed, and said
 * nothing of it.
 */
export function stopAtFailure(suite: Mocha.Suite): void {
  let failed: string | undefined;
  suite.beforeEach("the story so far", () => {
    if (failed !== undefined)
      throw new Error(
        `"${failed}" has failed. This test and all after it go on from there, and were not run.`,
      );
  });
  suite.afterEach("the story so far", function () {
    if (this.currentTest?.state === "failed") failed ??= this.currentTest.title;
  });
}
