/** The workflows as they are read, and what GitHub makes of their expressions. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const ROOT = join(__dirname, "..", "..");
export const FOLDER = join(ROOT, ".github", "workflows");

export interface Step {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string | number | boolean>;
  env?: Record<string, string>;
}

export interface Job {
  permissions?: Record<string, string>;
  environment?: string;
  needs?: string | string[];
  outputs?: Record<string, string>;
  if?: string;
  "timeout-minutes"?: number | string;
  strategy?: { "fail-fast": boolean; matrix: { stack: string } };
  concurrency?: { group: string; "cancel-in-progress": boolean };
  steps: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

export const workflow = (file: string) => parse(readFileSync(join(FOLDER, file), "utf8")) as Workflow;
export const jobs = (file: string) => Object.entries(workflow(file).jobs);
export const steps = (file: string) => jobs(file).flatMap(([, job]) => job.steps);
export const using = (file: string, action: string) =>
  steps(file).filter(({ uses }) => uses?.startsWith(`${action}@`));

/** What GitHub makes of a text with expressions: of these, `&&`, `||` and strings are JavaScript's; what is not there is "". */
export function evaluate(text: unknown, vars: Record<string, string>, stack = "prod"): string {
  const format = (pattern: string, ...given: string[]) =>
    pattern.replace(/\{(\d)\}/g, (_, index: string) => given[Number(index)]);
  return String(text).replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const run = new Function("vars", "matrix", "format", `return (${expression}) ?? ""`);
    return (run as (...given: unknown[]) => string)(vars, { stack }, format);
  });
}

/** The step of that name in the job of a workflow. */
export function stepOf(file: string, job: string, name: string): Step {
  const step = workflow(file).jobs[job].steps.find((each) => each.name === name);
  assert.ok(step, `${job} of ${file} has no step "${name}"`);
  return step;
}

/** Runs a step's script as GitHub runs it. Its input is no socket, as a child's is: bash would read its own settings first. */
export function bash(script: string | undefined, env: Record<string, string>, cwd?: string) {
  return spawnSync("bash", ["-eo", "pipefail", "-c", script ?? ""], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ...env },
  });
}
