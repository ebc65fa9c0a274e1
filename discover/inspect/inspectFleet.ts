/** Each root snapshot of a fleet inspected where it is: so many at once, within a budget, each once. */
import { rm } from "node:fs/promises";
import * as path from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { monotonicMs, secondsSince } from "../../converter/clock";
import { FailedError, RefusedError } from "../../converter/errors";
import type { Log } from "../../converter/progress";
import type { Runner } from "../../converter/run";
import type { StepReport } from "../../converter/types";
import { awsSettings } from "../../cli/aws/settings";
import { inTurns } from "../../cli/inTurns";
import { blocksOf, openEbs } from "../../snapshots/blocks/ebs";
import { findSnapshot } from "../../snapshots/find";
import { inspectSnapshot, requireMachine } from "../../snapshots/inspectSnapshot";
import { tellable } from "../../snapshots/refusals";
import type { Account } from "../aws";
import type { Fleet, FoundImage, Inspection, Unasked } from "../types";
import { inTwo } from "../unasked";
import { Budget, BudgetSpentError, type Limits } from "./budget";
import { mayBeForXen, verdictOf } from "./verdict";
import { keepVerdict } from "./verdicts";

export interface Inspecting extends Limits {
  accounts: Account[];
  /** The folder for blocks and verdicts. */
  cache: string;
  atOnce: number;
}

interface Machine {
  runner: Runner;
  log: Log;
  program?: string;
}

/** Throws `RefusedError` if this machine or this user cannot inspect: before EC2 is asked for anything. */
export const checkMachine = requireMachine;

/** A root snapshot, and where it can be read. */
interface Candidate {
  accountId: string;
  region: string;
  imageId: string;
  snapshotId: string;
  takenAt?: string;
}

/** When so many inspections in a row have failed, the rest would as well. */
const FAILURES = 5;

/** The record with verdicts, and with what they took. What fails is told in `unasked`, and the rest is inspected. */
export async function inspectFleet(fleet: Fleet, options: Inspecting, machine: Machine): Promise<Fleet> {
  const started = monotonicMs();
  const candidates = candidatesIn(fleet);
  const known = knownIn(fleet);
  const round = new Round(options, machine, candidates.length);
  machine.log(
    `inspecting ${candidates.length} snapshots, ${options.atOnce} at once; ${known} verdicts are known`,
  );
  await inTurns(candidates, (candidate) => round.take(candidate), options.atOnce);
  const { blocks, lists, bytes, dollars } = round.budget;
  return {
    ...fleet,
    places: fleet.places.map((place) => ({
      ...place,
      images: place.images.map((image) => withVerdictOf(image, round.verdicts)),
    })),
    unasked: [...fleet.unasked, ...round.unasked],
    inspected: {
      ...{ snapshots: round.read, known, left: round.left },
      ...{ blocks, lists, bytes, dollars, seconds: secondsSince(started) },
    },
  };
}

/** Those that somebody uses first: a budget is spent on what matters. */
function candidatesIn({ places }: Fleet): Candidate[] {
  const all = places.flatMap(({ accountId, region, images }) =>
    images.flatMap(({ imageId, root, inspection, referrers, lastLaunchedAt = "" }) =>
      root.kind === "ebs" && inspection.verdict === "not inspected"
        ? [
            {
              accountId,
              region,
              imageId,
              snapshotId: root.snapshotId,
              takenAt: root.takenAt,
              use: referrers.length,
              lastLaunchedAt,
            },
          ]
        : [],
    ),
  );
  const sorted = all.sort(
    (one, other) => other.use - one.use || other.lastLaunchedAt.localeCompare(one.lastLaunchedAt),
  );
  return [...new Map(sorted.reverse().map((each) => [each.snapshotId, each])).values()].reverse();
}

function knownIn({ places }: Fleet): number {
  const ids = places.flatMap(({ images }) =>
    images.flatMap(({ inspection }) => ("snapshotId" in inspection ? [inspection.snapshotId] : [])),
  );
  return new Set(ids).size;
}

function withVerdictOf(image: FoundImage, verdicts: Map<string, Inspection>): FoundImage {
  const inspection = image.root.kind === "ebs" ? verdicts.get(image.root.snapshotId) : undefined;
  return inspection === undefined ? image : { ...image, inspection };
}

/** One run over all candidates. */
class Round {
  readonly verdicts = new Map<string, Inspection>();
  readonly unasked: Unasked[] = [];
  readonly budget: Budget;
  read = 0;
  left = 0;
  private done = 0;
  private failedInARow = 0;

  constructor(
    private readonly options: Inspecting,
    private readonly machine: Machine,
    private readonly count: number,
  ) {
    this.budget = new Budget(options);
  }

  async take(candidate: Candidate): Promise<void> {
    const why = this.whyStopped();
    const inspection: Inspection =
      why === undefined ? await this.inspected(candidate) : { verdict: "not inspected", why };
    if (inspection.verdict === "not inspected") this.left++;
    this.verdicts.set(candidate.snapshotId, inspection);
  }

  private whyStopped(): string | undefined {
    if (this.budget.isSpent) return "the budget was spent";
    return this.failedInARow >= FAILURES ? `${FAILURES} inspections in a row had failed` : undefined;
  }

  private async inspected(candidate: Candidate): Promise<Inspection> {
    const { snapshotId, imageId } = candidate;
    const started = monotonicMs();
    const inspection = await this.inspect(candidate).catch((error: Error) =>
      this.afterError(error, candidate),
    );
    const place = `${++this.done} of ${this.count}: ${imageId} (${snapshotId})`;
    this.machine.log(`${place}: ${inspection.verdict}, ${Math.round(secondsSince(started))} s`);
    return inspection;
  }

  private async inspect(candidate: Candidate): Promise<Inspection> {
    const { snapshotId, region, accountId } = candidate;
    const account = this.options.accounts.find(({ id }) => id === accountId) ?? { id: accountId };
    const ec2 = new EC2Client({ ...awsSettings(region), credentials: account.credentials });
    const quiet = () => undefined;
    const found = await findSnapshot(snapshotId, { ec2, region, log: quiet })
      .catch((error: Error) => Promise.reject(tellable(error, { subject: snapshotId, region })))
      .finally(() => ec2.destroy());
    const ebs = openEbs(region, account.credentials);
    const blocks = this.budget.counting(blocksOf(snapshotId, ebs));
    // Not where `inspect` keeps blocks: these go once the verdict is known.
    const cache = path.join(this.options.cache, "reading");
    const run = async (...flags: string[]): Promise<StepReport> => {
      const reading = { region, cache, blocks, flags: ["--json", ...flags] };
      const { text, outcome } = await inspectSnapshot(found, reading, { ...this.machine, log: quiet });
      if (text === "") throw new FailedError(outcome.replace(/^FAILED: /, ""));
      return JSON.parse(text) as StepReport;
    };
    try {
      const report = await run();
      if (report.outcome === "FAILED") throw new FailedError(report.summary);
      const forXen = mayBeForXen(report) ? await run("--for", "xen") : undefined;
      const inspection = verdictOf(snapshotId, report, forXen, new Date().toISOString());
      await keepVerdict(this.options.cache, candidate, inspection);
      this.read++;
      this.failedInARow = 0;
      // The verdict is what is kept; the blocks of five hundred disks would fill this one.
      await rm(path.join(cache, snapshotId), { recursive: true, force: true });
      return inspection;
    } finally {
      ebs.destroy();
    }
  }

  private afterError(error: Error, { snapshotId, accountId, region }: Candidate): Inspection {
    if (error instanceof BudgetSpentError) return { verdict: "not inspected", why: "the budget was spent" };
    if (error instanceof RefusedError) return { verdict: "not readable", reasons: error.reasons };
    this.failedInARow++;
    const [found, advice] = inTwo(error.message.split("\n")[0]);
    const again = "Run the same command again: what is known is kept.";
    this.unasked.push({
      accountId,
      region,
      what: `the inspection of ${snapshotId}`,
      found,
      advice: advice || again,
      kind: "failed",
    });
    return { verdict: "not inspected", why: error.message };
  }
}
