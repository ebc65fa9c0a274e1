/** The word that is most like another, if any is so like it that it may have been meant. */
export function nearest(word: string, words: string[]): string | undefined {
  const distances = words.map((each) => ({
    each,
    distance: editDistance(word.toLowerCase(), each.toLowerCase()),
  }));
  const [first] = distances.sort((one, other) => one.distance - other.distance);
  return first && first.distance <= Math.max(1, Math.floor(word.length / 3)) ? first.each : undefined;
}

/** Letters that are to be put in, taken out or exchanged to make one word of the other (Levenshtein's distance). */
function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...one].entries()) {
    const now = [row + 1];
    for (let column = 1; column <= other.length; column++) {
      const exchanged = above[column - 1] + (letter === other[column - 1] ? 0 : 1);
      now.push(Math.min(exchanged, above[column] + 1, now[column - 1] + 1));
    }
    above = now;
  }
  return above[other.length];
}
