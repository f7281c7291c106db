/** Style of the status page and the builds: one column that a phone shows whole, colours of the reader's choice of light or dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fbfcfd; --soft: #5b6570; --line: #d9dee3;
  --go: #116329; --no: #b3261e; --part: #8a5a00; --pend: #4b5563; --mark: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --paper: #14171a; --soft: #a3adb8; --line: #343b43;
  --go: #7fd89a; --no: #ff9d94; --part: #f0c060; --pend: #b6bfc9; --mark: #14171a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 56rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.2; margin: 1.75rem 0 .5rem; }
h1 { margin-top: .5rem; font-size: 1.6rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1rem; margin: 0; display: inline; }
p { margin: .25rem 0; } a { color: inherit; }
code { font: .875em ui-monospace, monospace; background: color-mix(in srgb, var(--line) 45%, transparent);
  padding: .1em .3em; border-radius: .25em; }
.soft { color: var(--soft); font-size: .9rem; }
.status { display: inline-block; min-width: 5.2em; padding: 0 .5em; border-radius: .3em; text-align: center;
  font-size: .8rem; font-weight: 700; color: var(--mark); background: var(--pend); }
.GO, .green { background: var(--go); } .NO-GO, .red { background: var(--no); } .PARTIAL, .yellow { background: var(--part); }
ol, ul { list-style: none; margin: 0; padding: 0; }
li, details { border-top: 1px solid var(--line); padding: .6rem 0; }
summary { cursor: pointer; }
details > ol { margin: .5rem 0 0 .25rem; padding-left: .75rem; border-left: 2px solid var(--line); }
details li:first-child { border-top: 0; }
.count { color: var(--soft); white-space: nowrap; }
.grid { display: flex; flex-wrap: wrap; gap: .4rem; margin: .4rem 0; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); font: .8rem/1.4 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-top: 1px solid var(--line); }
`;
