/** Amounts of US dollars, in words. Pure. */

/** `$0.03 to $0.24` */
export function formatDollarSpan({ from, to }: { from: number; to: number }): string {
  const [least, most] = [from, to].map(formatDollars);
  return least === most ? least : `${least} to ${most}`;
}

/** Cents below ten dollars, whole dollars above; never nothing for something. */
export function formatDollars(dollars: number): string {
  if (dollars > 0 && dollars < 0.01) return "$0.01";
  return dollars < 10 ? `$${dollars.toFixed(2)}` : `$${Math.round(dollars)}`;
}
