/** The faults and what became of them, for people. */
import { columns } from "../../cli/columns";
import type { Result } from "./runScenario";

const HEAD = ["fault", "what the user saw", "to go on", "result"];
/** Characters of what the user saw: the table is to be read on a screen. */
const WIDTH = 110;

/** One line, told as soon as a scenario has ended. */
export function line({ scenario, failure, seconds }: Result): string {
  const told = `${failure === undefined ? "passed" : "failed"}: ${scenario.name} (${seconds} s)`;
  return [told, ...(failure?.split("\n") ?? []).map((why) => `    ${why}`)].join("\n");
}

export function table(results: Result[]): string {
  return columns([HEAD, ...results.map(cells)]).join("\n");
}

function cells({ scenario, failure, notes }: Result): string[] {
  const { saw = "-", told, secondsToGoOn } = notes;
  const seconds = secondsToGoOn === undefined ? "-" : `${secondsToGoOn} s`;
  const ending = told === undefined ? "went on" : `told: ${short(told)}`;
  return [scenario.name, short(saw), seconds, failure === undefined ? ending : "FAILED"];
}

function short(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

/** As `npm test` ends. */
export function totals(results: Result[]): string {
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  return `${results.length - failed} passed, ${failed} failed`;
}
