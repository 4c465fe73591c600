"""How the page of a report looks: colours for light and dark, narrow screens and paper.

This file owns the style sheet; it must not know what stands on the page.
Read next: `html.py`, which does.
"""

__all__ = ["STYLE"]

# Texts have a contrast of 4.5 : 1 and more on what they stand on, in both schemes; a test computes it.
STYLE = """
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b1f24; --faint: #57606a; --line: #d8dee4; --accent: #0a5c96;
  --ok: #1a6634; --wrong: #a32b1f; --code: #f2f4f6; --ok-fill: #2f8f50; --wrong-fill: #c4473a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1317; --card: #181d23; --text: #e6eaee; --faint: #9da7b1; --line: #333b44; --accent: #6cb6ff;
    --ok: #6fcf8c; --wrong: #ff958a; --code: #10151a; --ok-fill: #3fa763; --wrong-fill: #d9604f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 64rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 0 0 .5rem; font-size: 1.0625rem; line-height: 1.4; }
p { margin: .5rem 0; }
a { color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; padding: 0; list-style: none; }
code, pre { font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre {
  margin: .5rem 0; padding: .6rem .8rem; background: var(--code); border: 1px solid var(--line); border-radius: .4rem;
  white-space: pre-wrap;
}
summary { cursor: pointer; color: var(--accent); }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .2rem; }
section, .verdict { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
section { padding: 1.25rem 1.25rem 1rem; margin: 1.25rem 0; }
.kicker, .faint { color: var(--faint); font-size: .875rem; }
.kicker { margin: 0; }
.verdict { margin: 1rem 0 0; padding: .75rem 1rem; font-size: 1.25rem; font-weight: 600; border-left-width: .4rem; }
.good { color: var(--ok); }
.bad { color: var(--wrong); }
.verdict.good { border-left-color: var(--ok); }
.verdict.bad { border-left-color: var(--wrong); }
.levels { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem 1.5rem; }
.levels h3, .levels p { margin: 0; }
.levels p.good, .levels p.bad { font-weight: 600; }
.bar { display: block; width: 100%; height: .75rem; margin: .3rem 0; border-radius: .2rem; }
.bar .all { fill: var(--line); }
.bar .held { fill: var(--ok-fill); }
.bar .failed { fill: var(--wrong-fill); }
.mistakes { margin: 0; padding: 0; list-style: none; }
.mistakes > li { padding: 1rem 0; border-top: 1px solid var(--line); }
.mistakes > li:first-child { border-top: none; padding-top: 0; }
.mistakes p { white-space: pre-line; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--faint); }
dd { margin: 0; min-width: 0; }
h3 code { font-size: .9375em; font-weight: 600; background: var(--code); padding: .1em .3em; border-radius: .25rem; }
.group { border-top: 1px solid var(--line); padding: .75rem 0; }
.group h3 span { font-weight: 400; font-size: .9375rem; margin-left: .4rem; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .5rem 0; font-size: .9375rem; }
th, td { padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--faint); font-weight: 600; }
tbody th { font-weight: 400; }
.mark { font-weight: 600; }
.first { width: 8.5rem; }
.last { width: 38%; }
.number { font-variant-numeric: tabular-nums; }
table p { margin: 0 0 .2rem; }
footer { color: var(--faint); font-size: .875rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem .75rem 2rem; }
  h1 { font-size: 1.4rem; }
  section { padding: 1rem .8rem .6rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  table, tbody, tr, th, td { display: block; width: auto; }
  thead { display: none; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { padding: .1rem 0; border: none; }
  td:empty { display: none; }
}
@media print {
  :root {
    --page: #ffffff; --card: #ffffff; --text: #000000; --faint: #444444; --line: #bbbbbb; --accent: #000000;
    --ok: #000000; --wrong: #000000; --code: #ffffff;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  section, .verdict { border: none; padding: 0; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
  tr, pre, .mistakes > li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
"""
