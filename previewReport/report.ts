/** The report as Markdown, in parts that can be left out where it gets too long. Pure. */
import { alertsOf } from "./alerts";
import { detailsOf, shortCost } from "./details";
import { formatSpan } from "./duration";
import { fit } from "./fit";
import { code, table } from "../cli/markdown";
import { type Preview, stackName } from "../cli/preview/preview";
import { tailOf } from "./quiet";
import { type Story, storiesOf } from "./story";
import { summaryOf } from "./summary";

const HEADER = ["migration", "what happens", "machines", "how long", "what it costs"];

/** The whole report, of at most so many characters (UTF-16 code units: never fewer than any other count has). */
export function reportOf(preview: Preview, maxCharacters: number): string {
  const stories = storiesOf(preview);
  const changed = stories.filter(({ outcome }) => outcome !== "unchanged");
  return fit(
    {
      head: [titleOf(preview), ...alertsOf(preview, stories), ...summaryOf(preview, stories)],
      rows: changed.map(rowOf),
      table: (rows) => table(HEADER, rows),
      details: changed.map(detailsOf),
      tail: tailOf(preview, stories),
    },
    maxCharacters,
  );
}

function titleOf(preview: Preview): string {
  const stack = stackName(preview);
  return stack === undefined ? "## Migrations" : `## Migrations of ${code(stack)}`;
}

function rowOf(story: Story): string[] {
  return [
    code(story.name),
    story.headline,
    story.machines,
    story.duration ? formatSpan(story.duration) : "",
    shortCost(story),
  ];
}
