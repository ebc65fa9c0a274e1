/** The matrix's results, for people. */
import { columns } from "../../cli/columns";
import type { Result } from "./matrix";

const HEAD = ["row", "tree", "disk", "menu", "outcome", "guest", "convert", "nvme", "ide", "sata"];

/** One line, told as soon as a row has ended. */
export function line(result: Result): string {
  const boots = Object.entries(result.seconds.boots).map(([bus, seconds]) => `${bus} ${seconds} s`);
  const told = [`${result.outcome}: ${result.row.name}`, ...boots].join(", ");
  return [told, ...result.why.flatMap((why) => why.split("\n")).map((why) => `    ${why}`)].join("\n");
}

/** All rows, their seconds in columns. A dash: not tried. */
export function table(results: Result[]): string {
  return columns([HEAD, ...results.map(cells)]).join("\n");
}

function cells({ row, outcome, seconds }: Result): string[] {
  const number = (value: number | undefined) => (value === undefined ? "-" : String(value));
  const { boots } = seconds;
  return [
    ...[row.name, row.tree, row.layout, row.menu, outcome],
    ...[seconds.guest, seconds.convert, boots.nvme, boots.ide, boots.sata].map(number),
  ];
}

/** As `npm test` ends. */
export function totals(results: Result[]): string {
  const count = (outcome: Result["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}
