/** What sorts and filters the page. The table is whole without it. A browser test runs it. */
export const SCRIPT = `
"use strict";
const body = document.querySelector("#images tbody");
const rows = [...body.rows];
const search = document.querySelector("#search");
const selects = [...document.querySelectorAll("select[data-column]")];
const tiles = [...document.querySelectorAll(".tile")];
// Searched in: all that a row says, what is folded up as well.
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const isMeant = selects.every(({ value, dataset }) => value === "" || row.dataset[dataset.column] === value);
    row.hidden = !(isMeant && words.every((word) => texts.get(row).includes(word)));
    if (!row.hidden) shown++;
  }
  document.querySelector("#shown").value = shown + " of " + rows.length + (rows.length === 1 ? " image" : " images");
  for (const tile of tiles) {
    const { filter, value } = tile.dataset;
    const select = selects.find((each) => each.dataset.column === filter);
    tile.setAttribute("aria-pressed", String(select.value === value));
  }
}

function keyOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.key ?? cell.textContent;
}

function sortBy(table, column, head) {
  const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const each of table.tHead.rows[0].cells) each.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", order);
  const sign = order === "ascending" ? 1 : -1;
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const sorted = [...table.tBodies[0].rows].sort((one, other) => sign * compare(keyOf(one, column), keyOf(other, column)));
  table.tBodies[0].append(...sorted);
}

for (const table of document.querySelectorAll("#images, #instances"))
  [...table.tHead.rows[0].cells].forEach((head, column) =>
    head.firstElementChild.addEventListener("click", () => sortBy(table, column, head)));
search.addEventListener("input", filter);
for (const select of selects) select.addEventListener("change", filter);
for (const tile of tiles) tile.addEventListener("click", () => {
  const select = selects.find((each) => each.dataset.column === tile.dataset.filter);
  select.value = select.value === tile.dataset.value ? "" : tile.dataset.value;
  filter();
});
document.querySelector("#reset").addEventListener("click", () => {
  search.value = "";
  for (const select of selects) select.value = "";
  filter();
});
document.querySelector(".filters").hidden = false;
filter();
`;
