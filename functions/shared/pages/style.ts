import { createHash } from 'node:crypto';
import { BASE_STYLE } from './base-style.ts';
import { PRINT_STYLE } from './print-style.ts';
import { TABLE_STYLE } from './table-style.ts';

/**
 * The one stylesheet, inside every page of the admin: one request less than a file, and the policy
 * names its hash.
 */
export const STYLE = `${BASE_STYLE}${TABLE_STYLE}
.pages{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;justify-content:space-between;padding:.7rem 1.1rem;border-top:1px solid var(--line)}
.notice{max-width:38rem;margin:8vh auto;text-align:center}
.notice>*+*{margin-top:.8rem}
.notice ul{list-style:none;padding:0}
.notice .actions{justify-content:center;margin-top:1.5rem}
.notice-code{font-size:3.2rem;font-weight:700;line-height:1;color:var(--accent)}
.empty{padding:3rem 1.1rem;text-align:center}
.empty>*+*{margin-top:.7rem}
.empty .actions{justify-content:center}
.narrow{max-width:38rem;margin:0 auto}.narrow h1{margin-bottom:.5rem}
.form>*+*{margin-top:1.1rem}
fieldset{margin:0;padding:0;border:0}legend{padding:0;font-size:.85rem;font-weight:550}
.check{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem .5rem;min-height:2.2rem;margin:0;font-size:1rem;font-weight:400}
.export .check{flex-wrap:nowrap}
.check input{flex:none;width:1.15rem;min-height:1.15rem;margin:0;accent-color:var(--accent)}
.summary{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.4rem 1.2rem}
.summary dt{color:var(--muted)}.summary dd{overflow-wrap:anywhere}
.secret{padding:.9rem 1.1rem;background:var(--raised);border:1px solid var(--line);border-radius:.5rem;overflow-wrap:anywhere;user-select:all}
.note{white-space:pre-line;overflow-wrap:anywhere}
.lead{max-width:60rem;margin-bottom:.8rem;color:var(--muted)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.8rem;margin-bottom:.8rem}
.figures:has(>:nth-child(4):last-child){grid-template-columns:repeat(2,1fr)}
.figures div{container-type:inline-size;padding:.75rem 1.1rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.figures dt{font-size:.85rem;color:var(--muted)}
.figures dd{font-size:clamp(.9rem,10cqi,1.45rem);font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figures .beneath{font-size:.82rem;font-weight:400;color:var(--muted)}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:0 1.1rem;align-items:start}.beside>*{min-width:0}
.columns{columns:14rem auto}.columns li{overflow-wrap:anywhere;break-inside:avoid}
.plain{list-style:none}.plain:not(.pad){padding:0}.plain li+li{margin-top:.45rem}
.card-head.head{margin-bottom:.5rem}
.switch{display:flex;gap:.25rem;flex-wrap:wrap}
.switch a{padding:.2rem .6rem;border-radius:.45rem;color:var(--muted);text-decoration:none;font-size:.88rem;white-space:nowrap}
.switch a[aria-current]{background:var(--accent-soft);color:var(--accent);font-weight:550}
.chart{margin:0;padding:.4rem 1.1rem 1rem}
.chart svg{display:block;width:100%;height:6.5rem;margin-bottom:.6rem;overflow:visible}
.chart rect{fill:var(--accent)}
.chart .before{fill:light-dark(#c9d0dc,#414b59)}
.chart line{vector-effect:non-scaling-stroke}
.chart .grid{stroke:var(--line);stroke-dasharray:3 4}
.chart .axis{stroke:var(--field)}
.chart .break{fill:var(--card)}
.chart .chart-number{height:1.2rem;margin:0;font-size:.82rem;font-variant-numeric:tabular-nums}.chart-number text{fill:var(--text)}
@media (forced-colors:active){.chart rect{fill:LinkText}.chart .break{fill:Canvas}.chart-number text{fill:CanvasText}.chart .before{fill:Canvas;stroke:GrayText;vector-effect:non-scaling-stroke}}
.chart-row{display:flex;justify-content:space-between;gap:.2rem .8rem;font-size:.85rem;color:var(--muted);font-variant-numeric:tabular-nums}
.chart-row strong{color:var(--text)}
.filter{padding:.7rem 1.1rem}
.search{display:flex;gap:.6rem}
.search input{flex:1;min-width:0}
.filters summary{cursor:pointer;padding:.5rem 0 0;font-size:.88rem;font-weight:550;color:var(--accent);width:fit-content}
.statuses{display:flex;flex-wrap:wrap;align-items:center;gap:0 1rem;padding-top:.5rem}.statuses .check{min-height:1.9rem;font-size:.92rem}.statuses>input{width:10rem}.of-status{text-decoration:none}
.fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.3rem,1fr));gap:.6rem;padding-top:.5rem}
.fields>*{min-width:0}
.apply{display:flex;align-items:end}
.apply button{width:100%}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:.6rem 0 0}
.chips a{display:inline-flex;gap:.35rem;padding:.2rem .7rem;border-radius:1rem;background:var(--accent-soft);color:var(--text);font-size:.88rem;text-decoration:none;overflow-wrap:anywhere}
.chips a:hover{text-decoration:line-through}.chips .muted{flex:none;align-self:start}
.chips .clear{background:none;color:var(--accent);text-decoration:underline}
.dates{display:flex;flex-wrap:wrap;align-items:baseline;gap:.35rem .9rem;padding:.5rem 1.1rem}
.trail{font-size:.9rem}
.dates ul{display:flex;flex-wrap:wrap;gap:.35rem;min-width:0;list-style:none;padding:0}
.dates li a{display:inline-flex;gap:.45rem;padding:.1rem .65rem;border:1px solid var(--line);border-radius:1rem;color:var(--text);text-decoration:none;font-size:.9rem;font-variant-numeric:tabular-nums}
.dates li a:hover{border-color:var(--accent);background:var(--accent-soft)}
.next{margin-left:auto}
.folded summary{cursor:pointer;width:fit-content;font-size:.88rem;color:var(--accent)}
.export[open]{flex-basis:100%}.export summary{list-style:none;width:fit-content;margin-left:auto}.export form{margin:.7rem 0 0}.export pre{margin:0;white-space:pre-wrap}
.facts{display:flex;flex-wrap:wrap;gap:.9rem 2.4rem}.facts div{max-width:26rem}
.facts dt{color:var(--muted);font-size:.82rem;font-weight:550}
.facts dd{overflow-wrap:anywhere}
.figure{font-size:1.15rem;font-variant-numeric:tabular-nums}
.lines tfoot th{font-weight:500;text-align:right}
.lines tfoot tr+tr>*{border-top:1px solid var(--line)}
.lines tfoot tr:first-child>td{font-weight:500}
.lines .strong>*{font-weight:700}
.lines .difference>*{color:var(--warn);background:var(--warn-soft)}
.lines .difference>:first-child{border-bottom-left-radius:.7rem}
.lines .difference>:last-child{border-bottom-right-radius:.7rem}
@media (min-width:62.5rem){.figures:has(>:nth-child(4):last-child){grid-template-columns:repeat(4,1fr)}}
@media (prefers-reduced-motion:no-preference){.button,button,.top nav a{transition:background-color .12s}}
@supports selector(::details-content){
.filter:has(.filters){display:grid;grid-template-columns:minmax(0,1fr) auto;align-items:center;gap:0 .6rem}.filter>*,.filters::details-content{grid-column:1/-1}.filter>.search{grid-column:1}
.filters{display:contents}.filters summary{grid-area:1/2;padding:.45rem .9rem;border:1px solid var(--field);border-radius:.5rem;color:var(--text);font-size:1rem;line-height:1.4;list-style:none}.filters summary:hover{background:var(--raised)}.filters summary::after{content:" ▾";color:var(--muted)}.filters[open] summary::after{content:" ▴"}
}
@media screen and (max-width:62.49rem){
.top{gap:.25rem .8rem}.top nav{gap:.1rem}.top nav a{padding:.3rem .4rem;font-size:.88rem}.arn,.viewer .muted{display:none}.viewer{flex:1 1 0;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:right}
.head .hint{display:none}.head .button{min-height:2.1rem;padding:.15rem .65rem;font-size:.88rem}
}
@media screen and (max-width:45rem){
main{padding:.9rem .8rem 2rem}.top{padding:.45rem .8rem}.top nav{gap:0;order:1;flex-basis:100%;margin-left:-.42rem}h1{font-size:1.3rem}
.figures{grid-template-columns:1fr 1fr;gap:.6rem}.figures div{padding:.65rem .8rem}
.filters summary,.search button{padding:.45rem .65rem}.card.filter,.card.dates{padding:0;border:0;background:none;box-shadow:none}.pad,.pages{padding-left:.8rem;padding-right:.8rem}.card>h2,.card-head{padding-left:.8rem;padding-right:.8rem}.facts{display:grid;grid-template-columns:minmax(0,1fr);gap:.45rem}.facts .badge{font-size:.78rem}.facts div{display:grid;grid-template-columns:6.8rem minmax(0,1fr);gap:0 .6rem;align-items:baseline}.facts .wide{grid-template-columns:1fr}.fields{grid-template-columns:1fr 1fr}
.dates ul{flex-wrap:nowrap;overflow-x:auto;padding-bottom:.2rem}.dates li{flex:none}.pages .button{padding:.35rem .7rem}
.pages .next{margin-left:0}
}
${PRINT_STYLE}`;

/** For the policy's `style-src`. */
export const STYLE_SHA256 = createHash('sha256').update(STYLE).digest('base64');
