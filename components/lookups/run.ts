import * as pulumi from "@pulumi/pulumi";
import { type ProgramKind, Together } from "../together/together";

/** What the migrations of one run of a program share. */
interface Run {
  /** They come from the entries of a stack's configuration. */
  hasEntries: boolean;
  /** What was asked, by provider, function and arguments. */
  answers: Map<unknown, Map<unknown, Map<string, Promise<unknown>>>>;
  /** Names of the program's migrations, and whether any of them may begin. */
  together: Together;
}

/** By what a run has of its own: an Automation API program that runs again asks again. */
const runs = new WeakMap<object, Run>();

/** Where the component serves programs in other languages, each call has a client of its own: of a run, all have one target. */
const served = new Map<string, Run>();

function thisRun(): Run {
  const program = pulumi.runtime.getStackResource();
  const monitor = pulumi.runtime.getMonitor() as object | undefined;
  const target = program ? undefined : targetOf(monitor);
  if (target !== undefined) return entry(served, target, () => newRun("served"));
  const owner = program ?? monitor ?? {};
  const known = runs.get(owner);
  if (known) return known;
  const run = newRun(program ? "program" : "unknown");
  runs.set(owner, run);
  return run;
}

function newRun(kind: ProgramKind): Run {
  return { hasEntries: false, answers: new Map(), together: new Together(kind) };
}

/** The address of the engine's that a client talks to; undefined of mocks. */
function targetOf(monitor: object | undefined): string | undefined {
  const { getChannel } = (monitor ?? {}) as { getChannel?: () => { getTarget(): string } };
  return getChannel?.call(monitor).getTarget();
}

/** All that this run of the program has described. */
export function thisProgram(): Together {
  return thisRun().together;
}

/** Remembers that the migrations of this run are entries of a stack's configuration: what is said to do then is said of them. */
export function noteEntries(): void {
  thisRun().hasEntries = true;
}

/** Whether the migrations of this run are entries of a stack's configuration. */
export function hasEntries(): boolean {
  return thisRun().hasEntries;
}

/** A function of pulumi-aws that asks EC2 something. */
type Question<A, T> = (args: A, options: pulumi.InvokeOptions) => Promise<T>;

/** Asks EC2; what the same provider was asked before in this run, it is not asked again. */
export function ask<A, T>(question: Question<A, T>, args: A, parent: pulumi.Resource): Promise<T> {
  const { answers } = thisRun();
  const ofProvider = entry(answers, parent.getProvider("aws:ec2:"), () => new Map());
  const ofQuestion = entry(ofProvider, question, () => new Map<string, Promise<unknown>>());
  return entry(ofQuestion, JSON.stringify(args), () => question(args, { parent })) as Promise<T>;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  if (!map.has(key)) map.set(key, make());
  return map.get(key) as V;
}
