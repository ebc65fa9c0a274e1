/** The page's looks. */
export const STYLE = `
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #f4f6f9; --text: #1d2433; --faint: #5a6478; --back: #fff; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --line: #363d4b; --soft: #1d222c; --text: #e4e8ef; --faint: #9aa5b8; --back: #14181f; --accent: #7db0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 system-ui, "Segoe UI", "Liberation Sans", sans-serif; color: var(--text); background: var(--back); }
header, main, footer { padding: 0 1.5rem; }
header { padding-top: 1.2rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .5rem; }
header p, footer { color: var(--faint); }
footer { padding-block: 1.5rem; }
.overview { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
.tiles h2 { margin-top: 1rem; }
.tile { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: .45rem .8rem; margin: 0 .4rem .4rem 0; cursor: pointer; }
.tile b { font-size: 1.25rem; margin-right: .2rem; }
.tile[aria-pressed=true] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-bottom: .6rem; }
.filters[hidden] { display: none; }
.filters label { color: var(--faint); }
.filters input, .filters select, #reset { font: inherit; padding: .25rem .4rem; border: 1px solid var(--line); border-radius: 6px; background: var(--back); color: var(--text); }
.filters select { max-width: 14rem; }
#reset { cursor: pointer; }
#shown { margin-left: auto; color: var(--faint); }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
.remedies table { border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
tbody tr:hover { background: var(--soft); }
thead th { background: var(--soft); white-space: nowrap; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th[aria-sort=ascending] button::after { content: " \\2191"; }
th[aria-sort=descending] button::after { content: " \\2193"; }
code { font: 12.5px/1.4 ui-monospace, "Liberation Mono", monospace; }
summary { cursor: pointer; }
#images > tbody > tr > td { white-space: nowrap; }
#images > tbody > tr > td:is(.name, .used-by, .marks) { white-space: normal; overflow-wrap: anywhere; }
#images .name { min-width: 11rem; }
#images .used-by { min-width: 15rem; }
#images .marks { min-width: 7rem; }
#images .GiB { text-align: right; }
#images details[open] { white-space: normal; min-width: 20rem; }
#instances td { white-space: nowrap; }
details ul { margin: .3rem 0 0; padding-left: 1.1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .7rem; margin: .4rem 0 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.badge { display: inline-block; border-radius: 99px; padding: 0 .55rem; background: #e6e9ef; color: #39414f; white-space: nowrap; }
.badge.convertible { background: #d6f0dd; color: #14532d; }
.badge.convertible-for-xen-types-alone { background: #fbeec6; color: #684b00; }
.badge.refused { background: #fadadd; color: #7c1420; }
.badge.not-readable { background: #ede0f7; color: #4f2170; }
.missing { border: 1px solid #c2410c; border-radius: 8px; padding: 0 1rem .6rem; margin-top: 1rem; }
.missing h2 { margin-top: .7rem; color: #c2410c; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
@media print { .filters { display: none; } .wide { overflow: visible; } }
`;
