import { createHash } from 'node:crypto';

/** The one style sheet of papers: light and dark by the reader's setting, phones, and the printer. */
export const PAPER_STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6573;--line:#dde2e9;--page:#fff;--desk:#f3f5f8;--head:#f3f5f8;--mark:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa6b5;--line:#313a47;--page:#171c24;--desk:#0f1319;--head:#1f2630;--mark:#ff8a7a}}
*{box-sizing:border-box}
body{margin:0;background:var(--desk);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1080px;margin:32px auto;padding:40px 44px;background:var(--page);border:1px solid var(--line);border-top:4px solid var(--mark);border-radius:4px}
h1{margin:0;font-size:26px;line-height:1.25;font-weight:650}
.sub{margin:6px 0 0;color:var(--soft)}
.main{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;margin:28px 0 0;padding:0;background:var(--line);border:1px solid var(--line);border-radius:4px;overflow:hidden}
.main div{padding:14px 16px;background:var(--page)}
.main dt{color:var(--soft);font-size:13px}
.main dd{margin:2px 0 0;font-size:21px;font-weight:650;font-variant-numeric:tabular-nums;white-space:nowrap}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(400px,1fr));gap:0 40px;margin:20px 0 0}
.facts div{display:flex;justify-content:space-between;gap:16px;padding:7px 0;border-bottom:1px solid var(--line)}
.facts dt{color:var(--soft);white-space:nowrap}
.facts dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
section{margin:36px 0 0}
h2{margin:0 0 10px;font-size:17px;font-weight:650}
h2+p{margin:-6px 0 10px;color:var(--soft);font-size:13px}
.wide{overflow-x:auto;border:1px solid var(--line);border-radius:4px}
.wide:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{padding:8px 12px;text-align:left;vertical-align:top}
th{background:var(--head);color:var(--soft);font-weight:600;white-space:nowrap;vertical-align:bottom}
tbody tr+tr td,tfoot td{border-top:1px solid var(--line)}
tfoot td{font-weight:650;background:var(--head)}
.f{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td:not([class]){min-width:8em}
.t{font-variant-numeric:tabular-nums;white-space:nowrap}
.i{font:12px/1.7 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:nowrap}
.none{margin:0;color:var(--soft)}
.notes{margin:36px 0 0;padding:16px 0 0;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
.notes p{margin:0 0 6px}
@media (max-width:640px){main{margin:0;padding:24px 18px;border-width:4px 0 0;border-radius:0}h1{font-size:22px}.main{grid-template-columns:1fr 1fr}.main dd{font-size:18px}.main div:last-child:nth-child(odd){grid-column:span 2}.facts{grid-template-columns:1fr}th,td{padding:7px 10px}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--page:#fff;--desk:#fff;--head:#f2f2f2;--mark:#000}body{font-size:10pt}main{max-width:none;margin:0;padding:0;border:0}.wide{overflow:visible;border:0}table{font-size:8pt}th,td{padding:3px 5px}.i{font-size:7pt;white-space:normal;overflow-wrap:anywhere}thead{display:table-header-group}tfoot{display:table-row-group}tr{break-inside:avoid}h2{break-after:avoid}}
@page{margin:14mm}
`;

/** The Content-Security-Policy of papers: nothing is loaded, nothing runs, and of styles only theirs. */
export const PAPER_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(PAPER_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
