/** Parts of a page that are made, between two comments, in a page that is written by hand. Pure. */

/** The page with new content in the region of that name. Throws where the page has no such region. */
export function withRegion(page: string, name: string, content: string): string {
  const [open, close] = [`<!-- made: ${name} -->`, "<!-- /made -->"];
  const begins = page.indexOf(open);
  const ends = page.indexOf(close, begins);
  if (begins < 0 || ends < 0)
    throw new Error(`${open} … ${close}: not in the page. Put the two where it belongs.`);
  return `${page.slice(0, begins + open.length)}\n\n${content}\n\n${page.slice(ends)}`;
}
