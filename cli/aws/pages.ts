/** All that a paged answer of EC2's has. */
export async function pages<Page, T>(
  all: AsyncIterable<Page>,
  of: (page: Page) => T[] | undefined,
): Promise<T[]> {
  const found: T[] = [];
  for await (const page of all) found.push(...(of(page) ?? []));
  return found;
}
