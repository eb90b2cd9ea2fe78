/** The one stylesheet of the approval page. It stands in the page; the policy of the page allows exactly these bytes. */
import { createHash } from 'node:crypto';

export const STYLE = `
:root { color-scheme: light dark; --paper: #f6f5f2; --card: #ffffff; --ink: #1c1e21; --soft: #565b63; --line: #dedbd4; --accent: #14603f; --accent-ink: #ffffff; --warn: #8a3b00; --warn-paper: #fdf0e3; --no: #a1201b; --focus: #1a56c4; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #131517; --card: #1c1f22; --ink: #eceae6; --soft: #a9adb4; --line: #33373c; --accent: #7fd6a8; --accent-ink: #0c1f15; --warn: #ffb877; --warn-paper: #37271a; --no: #ff9a92; --focus: #8ab4ff; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
header { display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: .875rem; }
header p { margin: 0; }
h1 { margin: 1.25rem 0 .75rem; font-size: 1.375rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: .8125rem; font-weight: 600; letter-spacing: .04em; color: var(--soft); text-transform: uppercase; }
section, .box { margin-top: 1rem; padding: 1rem 1.125rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
p { margin: 0 0 .625rem; }
p:last-child, dd:last-child { margin-bottom: 0; }
ul, ol { margin: 0; padding-left: 1.25rem; }
li + li { margin-top: .625rem; }
.badges { display: flex; flex-wrap: wrap; gap: .375rem; padding: 0; list-style: none; }
.badges li { margin: 0; padding: .125rem .625rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); font-size: .875rem; }
.badges .warns { border-color: currentcolor; background: var(--warn-paper); color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.letter { margin-top: .875rem; padding-top: .875rem; border-top: 1px solid var(--line); white-space: pre-wrap; }
.letter sup { font-size: .75rem; line-height: 0; }
.letter sup a { padding: .25rem .125rem; }
.nowhere { text-decoration: underline dotted var(--warn) .125rem; text-underline-offset: .2rem; }
h3 { margin: 1rem 0 .5rem; font-size: 1rem; }
.after { margin-top: .75rem; }
.whole { display: inline-block; max-width: 100%; }
.small { color: var(--soft); font-size: .875rem; }
blockquote { margin: 0; padding-left: .875rem; border-left: .1875rem solid var(--line); color: var(--soft); white-space: pre-wrap; }
a { color: var(--focus); }
.told { border-color: currentcolor; background: var(--warn-paper); color: var(--warn); }
.done { border-left: .375rem solid var(--accent); }
.done.no { border-left-color: var(--no); }
form { margin: 0; }
.decide { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: 1.25rem; }
button { width: 100%; min-height: 3.25rem; padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: .75rem; background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; cursor: pointer; }
button.no { border-color: var(--no); background: transparent; color: var(--no); }
button[hidden] { display: none; }
summary { min-height: 2.75rem; padding: .5rem 0; cursor: pointer; font-weight: 600; }
details + details { border-top: 1px solid var(--line); }
.more { padding-top: .25rem; padding-bottom: .25rem; }
label { display: block; margin: .75rem 0 .25rem; font-size: .875rem; color: var(--soft); }
input, textarea { width: 100%; padding: .625rem .75rem; border: 1px solid var(--soft); border-radius: .5rem; background: var(--paper); color: var(--ink); font: inherit; }
textarea { min-height: 4.5rem; resize: vertical; }
textarea.long { min-height: 16rem; }
form button { margin: 1rem 0 .5rem; }
.decide button { margin: 0; }
:focus-visible { outline: .1875rem solid var(--focus); outline-offset: .1875rem; border-radius: .25rem; }
footer { margin-top: 1.5rem; color: var(--soft); font-size: .8125rem; }
footer dl { grid-template-columns: max-content 1fr; gap: .25rem .75rem; }
code { font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (min-width: 40rem) { main { padding-top: 2.5rem; } h1 { font-size: 1.75rem; } section, .box { padding: 1.25rem 1.5rem; } }
@media (forced-colors: active) { .badges .warns, .done { border-width: 2px; } }
`;

const HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded, nothing runs, nothing frames it; its form goes to where it came from. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
