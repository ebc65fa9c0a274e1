/** Understands what `pulumi preview --json` printed, or says what it is instead. Pure. */
import { RefusedError } from "../../converter/errors";
import { partsOf } from "../urn";
import { type Diagnostic, isRecord, type Preview, type State, type Step, type Values } from "./preview";

/** Those of the engine 3.259 (`PreviewDigest`). */
const FIELDS = ["config", "steps", "diagnostics", "duration", "changeSummary", "maybeCorrupt"];
const HOW = "Give it what `pulumi preview --json` prints on standard output.";

/** `from`: the file's name, for errors. Throws `RefusedError` where the text is no preview. */
export function readPreview(text: string, from: string): Preview {
  const digest = parsed(text, from);
  const problem = whyNoPreview(digest);
  if (problem) refuse(from, problem.found, problem.advice);
  const { steps = [], diagnostics = [], changeSummary = {}, config = {} } = digest as Digest;
  return {
    steps: list(steps, `${from}: steps`).map((step, index) => readStep(step, `${from}: steps[${index}]`)),
    diagnostics: list(diagnostics, `${from}: diagnostics`).map(readDiagnostic),
    changes: only(changeSummary, "number"),
    config: only(config, "string"),
    unknownFields: Object.keys(digest as Values).filter((field) => !FIELDS.includes(field)),
    maybeCorrupt: (digest as Digest).maybeCorrupt === true,
  };
}

interface Digest {
  steps?: unknown;
  diagnostics?: unknown;
  changeSummary?: unknown;
  config?: unknown;
  maybeCorrupt?: unknown;
}

interface Problem {
  found: string;
  advice: string;
}

function parsed(text: string, from: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") {
    return refuse(from, "is empty.", `Look at what \`pulumi preview --json\` said on standard error. ${HOW}`);
  }
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    const { found, advice } = whyNoJson(trimmed, (error as Error).message);
    return refuse(from, found, advice);
  }
}

function whyNoJson(text: string, reason: string): Problem {
  const [first] = text.split("\n");
  if (isEvent(first)) {
    const advice = "Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and preview again.";
    return { found: "is a stream of the engine's events, one a line.", advice };
  }
  if (!text.startsWith("{")) {
    return { found: `is no JSON: it begins with ${JSON.stringify(first.slice(0, 60))}.`, advice: HOW };
  }
  if (!text.endsWith("}") || isAtEnd(reason, text.length)) {
    const advice = "Was the preview ended, or the disk full? Preview again.";
    return { found: `is cut off: its JSON ends in the middle, after ${text.length} characters.`, advice };
  }
  return { found: `is no JSON: ${reason}.`, advice: HOW };
}

/** Node's own words: `Unexpected end of JSON input`, or the position of the first character that does not fit. */
function isAtEnd(reason: string, length: number): boolean {
  const position = /at position (\d+)/.exec(reason)?.[1];
  return position === undefined ? /end of JSON input/.test(reason) : Number(position) >= length;
}

/** Lines that a streaming preview prints: a number, a time, and one event. */
function isEvent(line: string): boolean {
  try {
    const event = JSON.parse(line) as unknown;
    return isRecord(event) && "timestamp" in event;
  } catch {
    return false;
  }
}

function whyNoPreview(digest: unknown): Problem | undefined {
  if (!isRecord(digest)) {
    const kind = Array.isArray(digest) ? "a list" : digest === null ? "null" : `a ${typeof digest}`;
    return { found: `is JSON, but ${kind} and no object.`, advice: HOW };
  }
  if ("deployment" in digest) {
    return { found: "is an exported state of a stack, and no preview.", advice: HOW };
  }
  if ("timestamp" in digest) {
    const advice = "Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and preview again.";
    return { found: "is one of the engine's events.", advice };
  }
  if ("result" in digest && !("steps" in digest)) {
    const found = "is the short summary of `--output json`, which does not say what changes.";
    return { found, advice: "Use `pulumi preview --json`." };
  }
  if (["steps", "changeSummary", "diagnostics"].some((field) => field in digest)) return undefined;
  const keys = Object.keys(digest).slice(0, 5).join(", ");
  const has = keys === "" ? "has nothing in it" : `has ${keys}`;
  return {
    found: `is JSON of something else: it ${has}, and no steps, changeSummary or diagnostics.`,
    advice: HOW,
  };
}

function readStep(step: unknown, where: string): Step {
  if (!isRecord(step) || typeof step.op !== "string" || typeof step.urn !== "string") {
    return refuse(where, "has no op and urn, as each step of a preview has.", HOW);
  }
  const { type, name } = partsOf(step.urn);
  return {
    ...{ op: step.op, urn: step.urn, type, name },
    old: readState(step.oldState),
    new: readState(step.newState),
    changed: changedPaths(step),
  };
}

function changedPaths({ detailedDiff, diffReasons }: Values): string[] {
  const detailed = isRecord(detailedDiff) ? Object.keys(detailedDiff) : [];
  if (detailed.length > 0) return detailed;
  return Array.isArray(diffReasons) ? diffReasons.filter((each) => typeof each === "string") : [];
}

function readState(state: unknown): State | undefined {
  if (!isRecord(state)) return undefined;
  const { id, inputs, outputs, parent, provider, replacementTrigger, retainOnDelete } = state;
  return {
    id: typeof id === "string" && id !== "" ? id : undefined,
    inputs: isRecord(inputs) ? inputs : {},
    outputs: isRecord(outputs) ? outputs : {},
    parent: typeof parent === "string" ? parent : undefined,
    provider: typeof provider === "string" ? provider : undefined,
    replacementTrigger,
    retainOnDelete: retainOnDelete === true,
  };
}

function readDiagnostic(diagnostic: unknown): Diagnostic {
  const { severity, message, urn } = isRecord(diagnostic) ? diagnostic : {};
  return {
    severity: typeof severity === "string" ? severity : "info",
    message: typeof message === "string" ? message.trim() : "",
    urn: typeof urn === "string" && urn !== "" ? urn : undefined,
  };
}

/** The engine writes `null` for a list without anything in it. */
function list(value: unknown, where: string): unknown[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value as unknown[];
  return refuse(where, `must be a list, found ${typeof value}.`, HOW);
}

/** The entries of an object whose values are of this kind. */
function only<T>(values: unknown, kind: "number" | "string"): Record<string, T> {
  const entries = isRecord(values) ? Object.entries(values) : [];
  return Object.fromEntries(entries.filter(([, value]) => typeof value === kind)) as Record<string, T>;
}

function refuse(subject: string, found: string, advice: string): never {
  throw new RefusedError([{ subject, found, advice }]);
}
