import * as pulumi from "@pulumi/pulumi";

/** What the migrations of one run of a program share. */
interface Run {
  /** Names of the migrations that the program has described so far. */
  names: Set<string>;
  /** What was asked, by provider, function and arguments. */
  answers: Map<unknown, Map<unknown, Map<string, Promise<unknown>>>>;
}

/** By what a run has of its own: an Automation API program that runs again asks again. */
const runs = new WeakMap<object, Run>();

/** Where the component serves a program in another language there is no stack's resource; then each call is a run. */
function thisRun(): Run {
  const owner = pulumi.runtime.getStackResource() ?? pulumi.runtime.getMonitor() ?? {};
  const known = runs.get(owner);
  if (known) return known;
  const run: Run = { names: new Set(), answers: new Map() };
  runs.set(owner, run);
  return run;
}

/** Remembers that the program has a migration of this name. */
export function noteMigration(name: string): void {
  thisRun().names.add(name);
}

/**
 * Whether the program has a migration of this name, by now. Undefined where it cannot be told: in a provider that serves
 * other languages' programs, each component is described by itself.
 */
export function hasMigration(name: string): boolean | undefined {
  return pulumi.runtime.getStackResource() ? thisRun().names.has(name) : undefined;
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
