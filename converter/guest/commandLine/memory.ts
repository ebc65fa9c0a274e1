/** Amounts of memory, as Linux reads them (`memparse`). */

const UNITS = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const;

/** Bytes of `512M`, `0x20000000` or `1G`; what follows the number and its unit is not read. `undefined`: no number. */
export function bytesOf(value: string): number | undefined {
  const [, digits, unit] = /^(0x[0-9a-f]+|\d+)([kmgt])?/i.exec(value) ?? [];
  if (digits === undefined) return undefined;
  const octal = /^0[0-7]+$/.test(digits);
  const count = octal ? Number.parseInt(digits, 8) : Number(digits);
  return count * (unit === undefined ? 1 : UNITS[unit.toLowerCase() as keyof typeof UNITS]);
}
