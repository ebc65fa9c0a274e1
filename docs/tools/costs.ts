/** The worked examples of docs/costs.md, by the prices and the durations that reports of previews go by. */
import { type ResourceRow, RESOURCES, ROLES } from "../../components/resources";
import {
  ADDRESS_HOURLY,
  HOURS_A_MONTH,
  hourlyPrice,
  PRICES_OF,
  SNAPSHOT_MONTHLY,
  VOLUME_MONTHLY,
} from "../../cli/prices";
import { formatDollars, formatDollarSpan } from "../../cli/dollars";
import { durationOf, formatSpan, inLanes, type Span } from "../../previewReport/duration";
import { table } from "../../cli/markdown";
import type { PreviewedMigration } from "../../cli/preview/migrations";

/** The defaults of `helper.instanceType` and of a helper's own disk, in GiB. */
const HELPER = { type: "m8i-flex.large", diskGb: 20 };

/** GiB of the sources, and how many of them are migrated, so many at once. */
const EXAMPLES = [
  { sourceGb: 20, disks: 1, lanes: 1 },
  { sourceGb: 200, disks: 1, lanes: 1 },
  { sourceGb: 2000, disks: 1, lanes: 1 },
  { sourceGb: 20, disks: 50, lanes: 4 },
];

/** A migration of an image, made for the first time and as far as an image. */
const FIRST_TIME = made(
  ROLES.filter((role) => {
    const { step, part }: ResourceRow = RESOURCES[role];
    return step > 1 && step < 7 && part !== "pause";
  }),
);

/** A fleet that is inspected, and waits with its helpers stopped. */
const INSPECTED = { disks: 100, sourceGb: 20, lanes: 4 };
const INSPECTION = made(["helper", "inspect", "stop-after-inspect"]);

function made(roles: string[]): PreviewedMigration {
  return {
    name: "example",
    urn: "",
    children: [],
    leftOver: [],
    child: () => undefined,
    change: (role) => (roles.includes(role) ? "create" : undefined),
  };
}

/** The table of what migrating disks of these sizes takes and costs. */
export function costExamples(): string {
  const header = [
    "source",
    "takes",
    "costs, while it works",
    "a month, `stopped`",
    "a month, `removed`",
    "a month, left running",
  ];
  return table(header, [...EXAMPLES.map(row), inspectedRow(INSPECTED)]);
}

/** One image and a hundred, for the front page. */
export function costInShort(): string {
  const header = [
    "image",
    "takes",
    "costs, while it works",
    "then a month",
    "a month, once `workbench: removed` is set",
  ];
  const rows = [EXAMPLES[0], { ...EXAMPLES[0], disks: 100, lanes: 4 }].map((example) =>
    row(example).slice(0, 5),
  );
  return table(header, rows);
}

/** The prices that it goes by. */
export function costPrices(): string {
  return table(
    ["what", `US dollars, us-east-1, ${PRICES_OF}`],
    [
      [`helper, \`${HELPER.type}\``, `${helperHourly()} an hour`],
      ["its public IPv4 address", `${ADDRESS_HOURLY} an hour`],
      ["gp3 volumes", `${VOLUME_MONTHLY} a GiB and month`],
      ["snapshots", `${SNAPSHOT_MONTHLY} a GiB and month, of blocks that are not blank`],
    ],
  );
}

/** Nothing is published yet: all that there is are the stopped helpers' volumes. */
function inspectedRow({ sourceGb, disks, lanes }: (typeof EXAMPLES)[number]): string[] {
  const one = durationOf(INSPECTION, {}) ?? { from: 0, to: 0 };
  const { volumes, hourly } = workbenchCosts(sourceGb);
  return [
    `${disks} of ${sourceGb} GiB inspected, waiting`,
    formatSpan(inLanes(Array<Span>(disks).fill(one), lanes)),
    formatDollarSpan({ from: (disks * hourly * one.from) / 3600, to: (disks * hourly * one.to) / 3600 }),
    `up to ${formatDollars(disks * volumes)}`,
    "",
    `up to ${formatDollars(disks * hourly * HOURS_A_MONTH)}`,
  ];
}

/** A month of the three volumes, and an hour of a helper that runs, with them. */
function workbenchCosts(sourceGb: number): { volumes: number; hourly: number } {
  const volumes = (sourceGb + sourceGb + 1 + HELPER.diskGb) * VOLUME_MONTHLY;
  return { volumes, hourly: helperHourly() + ADDRESS_HOURLY + volumes / HOURS_A_MONTH };
}

function row({ sourceGb, disks, lanes }: (typeof EXAMPLES)[number]): string[] {
  const destinationGb = sourceGb + 1;
  const one = durationOf(FIRST_TIME, { sourceGb, destinationGb }) ?? { from: 0, to: 0 };
  const { volumes, hourly } = workbenchCosts(sourceGb);
  const snapshot = destinationGb * SNAPSHOT_MONTHLY;
  const running = hourly * HOURS_A_MONTH + snapshot;
  const what = disks === 1 ? `${sourceGb} GiB` : `${disks} of ${sourceGb} GiB, ${lanes} at once`;
  return [
    what,
    formatSpan(inLanes(Array<Span>(disks).fill(one), lanes)),
    formatDollarSpan({ from: (disks * hourly * one.from) / 3600, to: (disks * hourly * one.to) / 3600 }),
    `up to ${formatDollars(disks * (volumes + snapshot))}`,
    `up to ${formatDollars(disks * snapshot)}`,
    `up to ${formatDollars(disks * running)}`,
  ];
}

function helperHourly(): number {
  const hourly = hourlyPrice(HELPER.type);
  if (hourly === undefined) throw new Error(`${HELPER.type}: cli/prices-2025.json has no price for it.`);
  return hourly;
}
