/** How the bench tells what it measured. */

export type Print = (what: string, unit: string, values: number[]) => void;

/** One line: the median of several runs, and from where to where they went. */
export const print: Print = (what, unit, values) => {
  const range = `(${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}, ${runs(values.length)})`;
  console.log(`${what.padEnd(52)} ${middle(values).toFixed(2).padStart(8)} ${unit}   ${range}`);
};

/** The median; the higher of the two in the middle. */
export function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function sum(values: number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}

function runs(count: number): string {
  return count === 1 ? "1 run" : `${count} runs`;
}
