/** The parts of the page. Pure. */
import type { Conversion, Fleet, FoundImage, Referrer } from "../../types";
import {
  counted,
  dayOf,
  instanceRowsOf,
  marksOf,
  reasonsOf,
  remediesOf,
  type Row,
  rowsOf,
  sizeOf,
  STAGES,
  useOf,
  usersInWords,
  VERDICTS,
} from "../summary";
import { type Html, markup } from "./html";

const NOTHING: Html = { html: "" };

export function listPart(title: string, name: string, lines: string[]): Html {
  if (lines.length === 0) return NOTHING;
  return markup`<section class="${name}">
    <h2>${title}</h2>
    <ul>
      ${lines.map((line) => markup`<li>${line}</li>`)}
    </ul>
  </section>`;
}

export function remediesPart(fleet: Fleet): Html {
  const remedies = remediesOf(fleet);
  if (remedies.length === 0) return NOTHING;
  return markup`<section class="remedies">
    <h2>What to do</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">images</th>
          <th scope="col">verdict</th>
          <th scope="col">found</th>
          <th scope="col">what to do</th>
        </tr>
      </thead>
      <tbody>
        ${remedies.map(
          ({ verdict, found, advice, imageIds }) =>
            markup`<tr>
              <td>
                <details>
                  <summary>${String(imageIds.length)}</summary>
                  ${imageIds.join(" ")}
                </details>
              </td>
              <td>${verdictBadge(verdict)}</td>
              <td>${found}</td>
              <td>${advice}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

/** A column of the table of images: its head, its cell, and the value that it is sorted by, if that is not its text. */
interface Column {
  head: string;
  cell: (row: Row) => Html | string;
  key?: (row: Row) => string;
}

const COLUMNS: Column[] = [
  { head: "account", cell: ({ accountId }) => accountId },
  { head: "region", cell: ({ region }) => region },
  { head: "image", cell: imageCell, key: ({ image }) => image.imageId },
  { head: "name", cell: ({ image }) => image.name ?? "-" },
  { head: "arch", cell: ({ image }) => image.architecture ?? "-" },
  {
    head: "GiB",
    cell: ({ image }) => String(sizeOf(image) ?? "-"),
    key: ({ image }) => String(sizeOf(image) ?? -1),
  },
  { head: "made", cell: ({ image }) => dayOf(image.createdAt) },
  { head: "launched", cell: ({ image }) => dayOf(image.lastLaunchedAt) },
  {
    head: "used by",
    cell: usersCell,
    key: ({ image }) => String(useOf(image) * 10000 + image.referrers.length),
  },
  { head: "marks", cell: ({ image }) => marksOf(image).join(", ") },
  { head: "stage", cell: stageCell, key: ({ image }) => String(STAGES.indexOf(image.stage)) },
  {
    head: "verdict",
    cell: verdictCell,
    key: ({ image }) => String(VERDICTS.indexOf(image.inspection.verdict)),
  },
];

/** Account and region have a column, if there are several. */
function columnsOf(rows: Row[]): Column[] {
  const differs = (of: (row: Row) => string) => new Set(rows.map(of)).size > 1;
  return COLUMNS.filter(({ head }) => {
    if (head === "account") return differs(({ accountId }) => accountId);
    return head !== "region" || differs(({ region }) => region);
  });
}

export function imagesPart(fleet: Fleet): Html {
  const rows = rowsOf(fleet);
  const columns = columnsOf(rows);
  return markup`<section>
    <h2>Images</h2>
    <div class="filters" hidden>
      <label>Search <input type="search" id="search" autocomplete="off" /></label>
      ${placeSelects(rows)}
      ${select(
        "stage",
        STAGES.filter((stage) => rows.some(({ image }) => image.stage === stage)),
      )}
      ${select(
        "verdict",
        VERDICTS.filter((verdict) => rows.some(({ image }) => image.inspection.verdict === verdict)),
      )}
      ${select("use", ["in use", "named", "nobody"])}
      <button type="button" id="reset">Show all</button>
      <output id="shown">${counted(rows.length, "image")}</output>
    </div>
    <div class="wide">
      <table id="images">
        <thead>
          <tr>
            ${columns.map(({ head }) => markup`<th scope="col" aria-sort="none"><button type="button">${head}</button></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => imageRow(row, columns))}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Of account and region, if there are several. */
function placeSelects(rows: Row[]): Html[] {
  const values = (of: (row: Row) => string) => [...new Set(rows.map(of))].sort();
  const [accounts, regions] = [values(({ accountId }) => accountId), values(({ region }) => region)];
  return [
    ...(accounts.length > 1 ? [select("account", accounts)] : []),
    ...(regions.length > 1 ? [select("region", regions)] : []),
  ];
}

function select(name: string, values: string[]): Html {
  return markup`<label>${name} <select data-column="${name}">
    <option value="">all</option>
    ${values.map((value) => markup`<option>${value}</option>`)}
  </select></label>`;
}

const USES = ["nobody", "named", "in use"];

function imageRow(row: Row, columns: Column[]): Html {
  const { accountId, region, image } = row;
  return markup`<tr
    data-account="${accountId}"
    data-region="${region}"
    data-stage="${image.stage}"
    data-verdict="${image.inspection.verdict}"
    data-use="${USES[useOf(image)]}"
  >
    ${columns.map(
      ({ head, cell, key }) =>
        markup`<td class="${head.replace(" ", "-")}"${key === undefined ? NOTHING : markup` data-key="${key(row)}"`}>${cell(row)}</td>`,
    )}
  </tr>`;
}

function imageCell({ image }: Row): Html {
  return markup`<details>
    <summary><code>${image.imageId}</code></summary>
    <dl>
      ${factsOf(image).map(
        ([name, value]) =>
          markup`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </details>`;
}

function factsOf(image: FoundImage): [string, string][] {
  const { root, otherMappings, inspection } = image;
  const all: [string, string | undefined][] = [
    ["owner", image.ownerId],
    ["state", image.state],
    ["deprecated", image.deprecatedAt && dayOf(image.deprecatedAt)],
    ["root", root.kind === "ebs" ? `${root.snapshotId} as ${root.deviceName}` : root.kind],
    ["key", root.kind === "ebs" ? root.kmsKeyId : undefined],
    [
      "other disks",
      otherMappings
        .map((each) => `${each.deviceName} ${each.snapshotId ?? each.virtualName ?? ""}`)
        .join(", "),
    ],
    ["kernel", [image.kernelId, image.ramdiskId].filter(Boolean).join(", ")],
    ["product codes", image.productCodes.join(", ")],
    ["shared with", [...(image.isPublic ? ["everybody"] : []), ...image.sharedWith].join(", ")],
    ["system", "system" in inspection ? inspection.system : undefined],
    [
      "inspected",
      "inspectedAt" in inspection ? inspection.inspectedAt && dayOf(inspection.inspectedAt) : undefined,
    ],
    [
      "tags",
      Object.entries(image.tags)
        .map(([name, value]) => `${name}=${value}`)
        .join(", "),
    ],
  ];
  return all.filter((each): each is [string, string] => each[1] !== undefined && each[1] !== "");
}

function usersCell({ image: { referrers } }: Row): Html | string {
  if (referrers.length === 0) return "nobody";
  return markup`<details>
    <summary>${usersInWords(referrers)}</summary>
    ${referrerList(referrers)}
  </details>`;
}

function referrerList(referrers: Referrer[]): Html {
  return markup`<ul>
    ${referrers.map(
      ({ kind, id, name, detail }) =>
        markup`<li>${kind} <code>${id}</code>${name === undefined ? "" : ` ${name}`}, ${detail}</li>`,
    )}
  </ul>`;
}

function stageCell({ image: { stage, conversions } }: Row): Html | string {
  if (conversions.length === 0) return stage;
  return markup`<details>
    <summary>${stage}</summary>
    <ul>
      ${conversions.map(conversionItem)}
    </ul>
  </details>`;
}

function conversionItem({ imageId, region, stack, migration, createdAt, referrers }: Conversion): Html {
  const by = stack === undefined ? "" : `, ${migration ?? ""} of ${stack}`;
  return markup`<li>
    <code>${imageId}</code> in ${region}, made ${dayOf(createdAt)}${by}; used by
    ${usersInWords(referrers) || "nobody"}
  </li>`;
}

function verdictCell({ image: { inspection } }: Row): Html {
  const reasons = reasonsOf(inspection);
  const badge = verdictBadge(inspection.verdict);
  if (reasons.length === 0)
    return "why" in inspection && inspection.why ? markup`${badge} ${inspection.why}` : badge;
  return markup`<details>
    <summary>${badge}</summary>
    <ul>
      ${reasons.map(({ subject, found, advice }) => markup`<li><b>${subject}</b>: ${found} ${advice}</li>`)}
    </ul>
  </details>`;
}

function verdictBadge(verdict: string): Html {
  return markup`<span class="badge ${verdict.replaceAll(" ", "-").toLowerCase()}">${verdict}</span>`;
}

export function instancesPart(fleet: Fleet): Html {
  const rows = instanceRowsOf(fleet);
  if (rows.length === 0) return NOTHING;
  const heads = [
    "account",
    "region",
    "instance",
    "name",
    "type",
    "state",
    "image",
    "started",
    "root",
    "group",
  ];
  return markup`<section>
    <h2>Machines</h2>
    <div class="wide">
      <table id="instances">
        <thead>
          <tr>
            ${heads.map((head) => markup`<th scope="col" aria-sort="none"><button type="button">${head}</button></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ accountId, region, instance }) =>
              markup`<tr>
                ${[
                  ...[
                    accountId,
                    region,
                    instance.instanceId,
                    instance.name ?? "-",
                    instance.instanceType,
                    instance.state,
                  ],
                  ...[
                    instance.imageId,
                    dayOf(instance.launchedAt),
                    instance.rootVolumeId ?? instance.rootDeviceType,
                  ],
                  instance.autoScalingGroup ?? "-",
                ].map((cell) => markup`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

export function changesPart({ changes = [] }: Fleet): Html {
  const lines = changes.map(
    ({ accountId, region, id, name, what, since }) =>
      `${accountId} ${region}: ${id}${name === undefined ? "" : ` (${name})`}: ${what}, since ${dayOf(since)}`,
  );
  return listPart("What has changed", "changes", lines);
}
