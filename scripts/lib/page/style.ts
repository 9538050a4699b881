/** Style of the pages: light and dark by the reader's choice, one column where there is no room for two. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #1b2230; --soft: #5c677a; --rule: #e2e6ec; --good: #1a7f4b; --bad: #c0392b;
  --c0: var(--ink); --c1: #4c6fd9; --c2: #e08a2e; --c3: #2f9c95; --c4: #c2567a; --c5: #6aa84f; --c6: #8e63c7;
  --c7: #d9b630; --c8: #3f8fc4; --c9: #a5694f; --c10: #8a94a6; --c11: #d46a4a; --c12: #5b8f7b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #10141b; --card: #181e28; --ink: #e6eaf1; --soft: #98a4b8; --rule: #2a3240; --good: #4cc38a; --bad: #ff7b6b;
    --c1: #7f9cf5; --c2: #f0a552; --c3: #4fc1b8; --c4: #e57f9f; --c5: #8fce73; --c6: #b391e8;
    --c7: #ecd060; --c8: #68b6e8; --c9: #c98f74; --c10: #aab4c5; --c11: #f08f70; --c12: #82bba4;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Inter, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
header p, .lead { color: var(--soft); max-width: 60rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.02em; }
h2 { font-size: 1.05rem; margin: 0 0 .15rem; }
.lead { margin: 0 0 .75rem; font-size: .9rem; }
.tiles, .grid-2 { display: grid; gap: 1rem; margin: 1.5rem 0; }
.tiles { grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); }
.grid-2 { grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 1.1rem 1.25rem; min-width: 0; }
.card.full { margin: 1rem 0; }
.tile b { display: block; font-size: 1.4rem; line-height: 1.3; font-weight: 650; letter-spacing: -.01em;
  font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .85rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Inter, sans-serif; fill: var(--soft);
  font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); }
.line { fill: none; stroke: var(--c); stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.dashed { stroke-dasharray: 2 6; stroke-width: 3; }
.area { fill: var(--c); fill-opacity: .82; stroke: var(--card); stroke-width: 1; }
.mark { stroke: var(--ink); stroke-opacity: .55; stroke-dasharray: 3 3; }
svg text.note { fill: var(--ink); font-size: 11.5px; }
.strip { fill: transparent; }
.strip:hover { fill: var(--ink); fill-opacity: .08; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .6rem 0 0; padding: 0; font-size: .82rem;
  color: var(--soft); }
.swatch, .dash { display: inline-block; width: .8em; height: .8em; border-radius: 3px; background: var(--c); margin-right: .45em; }
.dash { height: 0; width: 1.3em; border-top: 3px dotted var(--c); border-radius: 0; background: none; vertical-align: middle; }
.checks { list-style: none; margin: .5rem 0 0; padding: 0; columns: 30rem; column-gap: 2.5rem; }
.checks li { display: grid; grid-template-columns: 1.5rem 1fr; padding: .35rem 0; break-inside: avoid; }
.checks small { color: var(--soft); display: block; }
.good { color: var(--good); font-weight: 700; }
.bad { color: var(--bad); font-weight: 700; }
.days { margin: .5rem 0 0; padding: 0; list-style: none; font-size: .9rem; columns: 30rem; column-gap: 2.5rem; }
.days li { display: grid; grid-template-columns: 4rem 1fr; padding: .3rem 0; border-bottom: 1px solid var(--rule); break-inside: avoid; }
.days b { font-weight: 600; color: var(--soft); }
.bar { display: block; width: 10rem; height: .65rem; border-radius: 4px; background: var(--rule); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--c); }
.scroll { overflow-x: auto; margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .82rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .55rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; position: sticky; top: 0; background: var(--card); }
td.text, th.text { text-align: left; }
td.prose { white-space: normal; min-width: 15rem; font-weight: 400; }
.narrow .bar { width: 6rem; }
td small { color: var(--soft); }
.bar + .bar { margin-top: 2px; }
table.tight { font-size: .77rem; }
.tight th, .tight td { padding: .25rem .32rem; }
tbody tr:hover { background: color-mix(in srgb, var(--ink) 5%, transparent); }
footer { color: var(--soft); font-size: .85rem; margin-top: 2rem; }
@media (max-width: 46rem) {
  main { padding: 1.5rem .75rem 3rem; }
  h1 { font-size: 1.5rem; }
  .card { padding: .9rem; }
  svg text { font-size: 15px; }
  .wide { overflow-x: auto; }
  .wide svg { min-width: 52rem; }
  .wide svg text, .wide svg text.note { font-size: 13px; }
}
@media print { body { background: #fff; } .card { break-inside: avoid; } }
`;
