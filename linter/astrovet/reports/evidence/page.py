"""What the page for auditors looks like, and the little that it does: its style and its script, as they are sent."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --card: #f6f8fa;
  --link: #0550ae; --fails: #a40e26; --undecided: #7a4d00; --waived: #5b3a9e; --passes: #116329; --silent: #57606a }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --soft: #9da7b3; --line: #30363d;
  --card: #161b22; --link: #79b8ff; --fails: #ff9a92; --undecided: #e3b341; --waived: #c8a9ff; --passes: #6fdd8b;
  --silent: #9da7b3 } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
header, main, footer, nav { max-width: 76rem; margin: 0 auto; padding: 0 1rem }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.5rem 0 .5rem }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line) }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .5rem }
p, li, td, th, dd, figcaption { overflow-wrap: anywhere }
p { margin: .4rem 0; max-width: 70ch }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, [tabindex]:focus-visible,
button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
code { font: .9em/1.4 ui-monospace, monospace }
pre { overflow-x: auto; padding: .75rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere }
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .5rem; z-index: 3 }
nav ul { list-style: none; margin: 1rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem }
nav a { display: inline-block; padding: .25rem 0 }
.soft { color: var(--soft) }
.fails { color: var(--fails) } .undecided { color: var(--undecided) } .waived { color: var(--waived) }
.passes { color: var(--passes) } .not-judged, .remark { color: var(--silent) }
.tag { font-weight: 600; white-space: nowrap }
.scroll { overflow: auto; border: 1px solid var(--line); border-radius: 6px }
.tall { max-height: 80vh }
table { border-collapse: collapse; width: 100%; font-size: .93rem }
caption { text-align: left; padding: .5rem .6rem; color: var(--soft) }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-top: 1px solid var(--line) }
thead th { position: sticky; top: 0; background: var(--card); border-top: 0; white-space: nowrap; z-index: 1 }
#matrix td { white-space: nowrap }
#matrix tbody th { min-width: 9rem; max-width: 22rem; font-weight: 600 }
#matrix tbody th span { display: block; font-weight: 400; font-size: .85rem }
#matrix td a { color: inherit }
.stack td, .stack th, thead th, #matrix td { overflow-wrap: break-word }
td[data-head="signed"], td[data-head="until"] { white-space: nowrap }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1rem 0 }
label { display: block; font-size: .9rem }
input, select, button { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--soft);
  border-radius: 6px; padding: .35rem .6rem; min-height: 2.5rem; max-width: 100% }
[hidden] { display: none !important }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; background: var(--card) }
details > *:not(summary) { margin-left: .9rem; margin-right: .9rem }
summary { cursor: pointer; padding: .55rem .8rem; overflow-wrap: anywhere }
summary h3 { display: inline; font-size: 1rem; margin: 0 }
details details { background: var(--back) }
ul.findings { list-style: none; padding: 0; margin-top: 0; margin-bottom: .5rem }
ul.findings > li { border-top: 1px solid var(--line); padding: .5rem 0 }
ul.subjects { margin: .25rem 0; padding-left: 1.2rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: .5rem .9rem; font-size: .93rem }
dt { color: var(--soft) } dd { margin: 0 }
figure { margin: 0 } figure svg.picture { display: block; width: 100%; max-width: 36rem; height: auto }
figure.tall { max-height: 90vh }
.parties { display: grid; gap: 0 2rem; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)) }
.parties ul { padding-left: 1.2rem }
footer { margin-top: 3rem; padding-bottom: 2rem; border-top: 1px solid var(--line) }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr } dd { margin-bottom: .4rem }
  #matrix tbody th { min-width: 8rem; max-width: 11rem; position: sticky; left: 0; background: var(--back) }
  #matrix thead th:first-child { left: 0; z-index: 2 }
  table.stack thead { position: absolute; left: -99rem }
  table.stack tr { display: block; padding: .4rem 0; border-top: 1px solid var(--line) }
  table.stack th, table.stack td { display: block; border: 0; padding: .1rem .6rem }
  table.stack td::before { content: attr(data-head) ": "; color: var(--soft) }
}
@media print {
  :root { --back: #fff; --text: #000; --soft: #444; --line: #aaa; --card: #fff; --link: #000; --fails: #a40e26;
    --undecided: #7a4d00; --waived: #5b3a9e; --passes: #116329; --silent: #444 }
  body { font-size: 10pt }
  nav, form, .skip { display: none !important }
  header, main, footer { max-width: none; padding: 0 }
  .scroll { overflow: visible; max-height: none; border: 0 }
  thead { display: table-header-group } thead th { position: static }
  #matrix td, thead th { white-space: normal }
  tr, ul.findings > li { break-inside: avoid } h2, h3, summary { break-after: avoid }
  details::details-content { content-visibility: visible; display: block; height: auto }
  figure.tall { max-height: none } figure svg.picture { max-width: 24rem }
}
"""

SCRIPT = """
(() => {
  const form = document.getElementById("filter");
  const text = document.getElementById("filter-text"), standing = document.getElementById("filter-standing");
  const told = document.getElementById("filter-told");
  const rows = [...document.querySelectorAll("#matrix tbody tr")];
  const subjects = [...document.querySelectorAll(".subjects > li")];
  const groups = [...document.querySelectorAll(".findings > li, .kept"), ...document.querySelectorAll(".check")];
  const holds = (each, words) => !words || each.textContent.toLowerCase().includes(words);
  const apply = () => {
    const words = text.value.trim().toLowerCase(), wanted = standing.value;
    let left = 0;
    for (const row of rows) {
      row.hidden = !holds(row, words) || (wanted !== "" && !row.dataset.standing.split(" ").includes(wanted));
      left += row.hidden ? 0 : 1;
    }
    for (const each of subjects) {
      const own = each.closest("[data-standing]").dataset.standing;
      each.hidden = !holds(each, words) || (wanted !== "" && own !== wanted);
    }
    for (const each of groups) each.hidden = !each.querySelector(".subjects > li:not([hidden])");
    told.textContent = words || wanted ? `${left} of ${rows.length} rows, and what concerns them below` : "";
  };
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (target) target.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
  open();
})();
"""
