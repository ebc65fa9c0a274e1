/** The page, in a real browser: Debian's headless Chromium, without a network. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { formatPage } from "../../discover/output/page";
import { fleetOf, HOSTILE, imageOf } from "./made";

const CHROMIUM = "/usr/bin/chromium-headless-shell";
const isUbuntu = () => /^ID(_LIKE)?=.*ubuntu/m.test(readFileSync("/etc/os-release", "utf8"));

describe("the page of a fleet, in Chromium", function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  let folder: string | undefined;
  const said: string[] = [];
  const asked: string[] = [];

  before(async function () {
    // Ubuntu's Chromium is a snap, which the set-up does not install.
    if (!existsSync(CHROMIUM) && isUbuntu()) return this.skip();
    assert.ok(existsSync(CHROMIUM), `${CHROMIUM} is not there: bash local/setup.sh --for test brings it`);
    folder = mkdtempSync(join(tmpdir(), "page-"));
    const file = join(folder, "fleet.html");
    writeFileSync(file, formatPage(fleetOf(IMAGES)));
    // The tests run as root, where Chromium has no sandbox of its own. It reads this one file.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    page = await browser.newPage({ offline: true });
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("dialog", (dialog) => said.push(dialog.message()));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const IMAGES = [
    imageOf(1, {
      name: "web",
      root: { kind: "ebs", deviceName: "/dev/sda1", snapshotId: "snap-1", encrypted: false, sizeGb: 100 },
    }),
    imageOf(2, {
      name: HOSTILE,
      stage: "in use",
      referrers: [{ kind: "instance", id: "i-1", name: HOSTILE, detail: "running", isActive: true }],
    }),
    imageOf(3, {
      name: "batch",
      inspection: {
        verdict: "refused",
        reasons: [{ subject: HOSTILE, found: "no kernel.", advice: "Install one." }],
      },
    }),
    imageOf(4, {
      name: "store",
      root: { kind: "ebs", deviceName: "/dev/sda1", snapshotId: "snap-4", encrypted: false, sizeGb: 9 },
    }),
  ];

  const names = () => page.locator("#images tbody tr:visible td.name").allTextContents();
  const head = (name: string) => page.locator("#images thead button", { hasText: name }).click();

  it("shows every image, those in use first, and asks no network and breaks no rule of its own", async () => {
    assert.deepEqual(await names(), [HOSTILE, "web", "batch", "store"]);
    assert.equal(await page.locator("#shown").textContent(), "4 of 4 images");
    assert.deepEqual(said, []);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith("file:")),
      [],
    );
  });

  it("runs nothing of what a guest or a tag says", async () => {
    assert.equal(await page.locator("main img, main script, main iframe").count(), 0);
    assert.equal(await page.evaluate("window.hostile"), undefined);
    assert.ok((await page.locator("main").textContent())?.includes(HOSTILE));
  });

  it("sorts by a column, numbers as numbers, and the other way round", async () => {
    await head("GiB");
    assert.deepEqual(await names(), ["batch", HOSTILE, "store", "web"].sort(bySize));
    assert.equal(await page.locator('#images th[aria-sort="ascending"]').textContent(), "GiB");
    await head("GiB");
    assert.equal((await names())[0], "web");
    await head("name");
    assert.deepEqual(
      (await names()).filter((name) => name !== HOSTILE),
      ["batch", "store", "web"],
    );
  });
  const SIZES: Record<string, number> = { web: 100, store: 9, batch: 20, [HOSTILE]: 20 };
  const bySize = (one: string, other: string) => SIZES[one] - SIZES[other] || (one === HOSTILE ? -1 : 1);

  it("filters by words, by a choice and by a tile, and shows all again", async () => {
    await page.fill("#search", "install");
    assert.deepEqual(await names(), ["batch"]);
    assert.equal(await page.locator("#shown").textContent(), "1 of 4 images");
    await page.click("#reset");
    await page.selectOption('select[data-column="use"]', "in use");
    assert.deepEqual(await names(), [HOSTILE]);
    await page.click("#reset");
    const tile = page.locator('.tile[data-value="refused"]');
    await tile.click();
    assert.deepEqual(await names(), ["batch"]);
    assert.equal(await tile.getAttribute("aria-pressed"), "true");
    await tile.click();
    assert.equal((await names()).length, 4);
  });

  it("lets no script in that is not its own", async () => {
    await page.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "window.hostile = true";
      document.body.append(script);
    }`);
    assert.equal(await page.evaluate("window.hostile"), undefined);
    assert.match(said.join(), /Content Security Policy/);
  });
});
