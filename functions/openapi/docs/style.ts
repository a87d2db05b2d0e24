import { createHash } from 'node:crypto';
import { BASE_STYLE } from '../../shared/pages/base-style.ts';
import { TABLE_STYLE } from '../../shared/pages/table-style.ts';

/** The page's one stylesheet, inside it. */
export const DOCS_STYLE = `${BASE_STYLE}${TABLE_STYLE}
html{scroll-padding-top:1rem;scroll-behavior:auto}
.top{justify-content:space-between}
.columns{flex:1;display:grid;grid-template-columns:17rem minmax(0,1fr);gap:0 2.5rem;width:100%;max-width:78.5rem;margin:0 auto;padding:0 1.25rem}
main{max-width:none;margin:0;padding:1.6rem 0 3rem}
main>*+*,.guide>*+*,.operation>*+*,.problem>*+*{margin-top:.8rem}
main>section,main>h2{margin-top:2.2rem}
h2{font-size:1.3rem;line-height:1.3;letter-spacing:-.01em}
h3{font-size:1.05rem;margin:0;overflow-wrap:anywhere}h4{font-size:1rem;margin:0}
.guide h3,.operation h4{margin-top:1.4rem}
p,.guide li{max-width:46rem}
main ol,main ul{margin:0;padding-left:1.3rem}main li+li{margin-top:.3rem}
code{overflow-wrap:anywhere}
p code,li code,td code{padding:.05em .3em;border-radius:.3rem;background:var(--raised)}
a:has(code){text-underline-offset:.38em}
pre{margin:0;padding:.8rem 1rem;overflow-x:auto;background:var(--raised);border:1px solid var(--line);border-radius:.6rem;font-size:.86rem;line-height:1.5;tab-size:2}
pre code{font-size:1em;overflow-wrap:normal}
.scroll.card{margin-bottom:0}
th,td{padding:.5rem .9rem}
tbody th{min-width:11rem;font-weight:500}
td:nth-child(2){min-width:6.5rem}
tbody td:last-child{min-width:13rem}
tbody tr:hover{background:none}
.needed{color:var(--warn);font-size:.8rem;white-space:nowrap}
.method{display:inline-block;padding:.05rem .5rem;border-radius:.35rem;background:var(--info-soft);color:var(--info);font-size:.78rem;font-weight:650;letter-spacing:.03em;vertical-align:.08em}
.method.post{background:var(--good-soft);color:var(--good)}
.method.delete{background:var(--bad-soft);color:var(--bad)}
.operation{padding-top:1.6rem;border-top:1px solid var(--line)}
.summary-line{font-weight:550}
.snippets{border:1px solid var(--line);border-radius:.6rem;overflow:hidden;background:var(--card)}
.snippets details+details{border-top:1px solid var(--line)}
summary{cursor:pointer;width:fit-content;color:var(--accent);font-weight:550;font-size:.92rem}
.snippets summary{width:auto;padding:.5rem 1rem}
.snippets pre{border-width:1px 0 0;border-radius:0}
.fields-of .scroll{margin-top:.6rem}
.statuses{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.2rem}
.statuses dd{overflow-wrap:anywhere}
.group{margin-top:1.8rem;color:var(--muted)}
.problem.card{margin-bottom:0}main>.problem{margin-top:.9rem}
.problem:target{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.problem pre{white-space:pre-wrap;overflow-wrap:anywhere}
.problem h4 .badge{margin-left:.3rem;font-weight:550}
.contents{padding:1.6rem 0;font-size:.9rem}
.contents ul{list-style:none;margin:0;padding:0}.contents ul ul{padding:.2rem 0 .2rem .2rem}
.contents a{display:block;padding:.22rem .4rem;border-radius:.35rem;color:var(--text);text-decoration:none;overflow-wrap:anywhere}
.contents a:hover{background:var(--raised)}
.contents .method{min-width:3.3rem;padding:0 .3rem;font-size:.66rem;text-align:center}
@media (min-width:60.01rem){
.contents{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto}
@supports selector(::details-content){.contents summary{display:none}.contents details::details-content{content-visibility:visible;block-size:auto}}
}
@media (max-width:60rem){
.columns{grid-template-columns:minmax(0,1fr);padding:0 .9rem}.top{padding:.6rem .9rem}
.contents{padding:1rem 0 0}.contents ul{padding-top:.3rem}
main{padding-top:1rem}h1{font-size:1.35rem}
}
@media (max-width:45rem){
.scroll td{min-width:11rem}
.fields-table table,.fields-table tbody,.fields-table tr,.fields-table th,.fields-table td{display:block}
.fields-table thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.fields-table tr{padding:.55rem .8rem;border-top:1px solid var(--line)}.fields-table tbody tr:first-child{border-top:0}
.fields-table tbody th,.fields-table tbody td{padding:0;border:0;min-width:0}.fields-table td:nth-child(2){color:var(--muted);font-size:.88rem}
.statuses{grid-template-columns:minmax(0,1fr);gap:.1rem}.statuses dd{margin:0 0 .4rem}
pre{padding:.7rem .8rem;font-size:.8rem}
}
@media print{
:root{color-scheme:light;--ground:#fff}
body{font-size:10.5px}.skip,.contents,.foot{display:none}.columns{display:block;max-width:none;padding:0}.top{border:0;padding:0}
main{padding:.5rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85em}pre code{overflow-wrap:anywhere}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible}.card{border-radius:0}tr,pre,.problem{break-inside:avoid}h2,h3,h4,summary{break-after:avoid}thead{display:table-header-group}
a{color:inherit;text-decoration:none}th,td{padding:.2rem .4rem}tbody th,tbody td,tbody td:last-child{min-width:0}
}
`;

/** For the policy's `style-src`. */
export const DOCS_STYLE_SHA256 = createHash('sha256').update(DOCS_STYLE).digest('base64');
