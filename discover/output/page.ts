/** The record as one page that needs nothing else: no network, no other file. Pure. */
import { createHash } from "node:crypto";
import { visible } from "../../components/visible";
import type { Fleet } from "../types";
import { inWords } from "../unasked";
import { changesPart, imagesPart, instancesPart, listPart, remediesPart } from "./page/parts";
import { type Html, markup, rendered } from "./page/html";
import { SCRIPT } from "./page/script";
import { STYLE } from "./page/style";
import { countsOf, totalOf } from "./summary";
import { tallyInWords } from "./tally";

export function formatPage(fleet: Fleet): string {
  const notes = fleet.places.flatMap((place) =>
    place.notes.map((note) => `${place.accountId} ${place.region}: ${note}`),
  );
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Paravirtual images, ${fleet.at.slice(0, 10)}</title>
        <style>${trusted(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1>Paravirtual images and machines</h1>
          <p>${totalOf(fleet)}, on ${fleet.at.slice(0, 16).replace("T", " ")} UTC. ${places(fleet)}</p>
        </header>
        <main>
          ${listPart("Not asked, so what is missing below", "missing", fleet.unasked.map(inWords))}
          ${tiles(fleet)} ${remediesPart(fleet)} ${imagesPart(fleet)} ${instancesPart(fleet)}
          ${changesPart(fleet)} ${listPart("Notes", "notes", notes)}
        </main>
        <footer>
          pv-to-hvm
          ${fleet.version}.${fleet.inspected === undefined ? "" : ` The inspections ${tallyInWords(fleet.inspected).join(" ")}.`}
        </footer>
        <script>${trusted(SCRIPT)}</script>
      </body>
    </html> `;
  return visible(rendered(page));
}

/** No network at all, and no script or style but those that are here. */
function policy(): string {
  const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'none'`;
}

function trusted(text: string): Html {
  return { html: text };
}

function places({ places: all }: Fleet): string {
  const accounts = new Set(all.map(({ accountId }) => accountId));
  const regions = new Set(all.map(({ region }) => region));
  const names = (set: Set<string>) => (set.size > 4 ? String(set.size) : [...set].join(", "));
  return `Accounts: ${names(accounts)}. Regions: ${names(regions)}.`;
}

/** Each is a button that filters the table by its word. */
function tiles(fleet: Fleet): Html {
  const { stages, verdicts } = countsOf(fleet);
  const group = (title: string, column: string, counts: [string, number][]) =>
    markup`<div class="tiles" role="group" aria-label="${title}">
      <h2>${title}</h2>
      ${counts.map(([word, number]) => markup`<button type="button" class="tile" data-filter="${column}" data-value="${word}" aria-pressed="false"><b>${String(number)}</b> ${word}</button>`)}
    </div>`;
  return markup`<section class="overview">
    ${group("Stage", "stage", stages)}${group("Verdict", "verdict", verdicts)}
  </section>`;
}
