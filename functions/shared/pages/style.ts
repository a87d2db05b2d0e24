import { createHash } from 'node:crypto';
import { BASE_STYLE } from './base-style.ts';

/**
 * The one stylesheet, inside every page of the admin: one request less than a file, and the policy
 * names its hash.
 */
export const STYLE = `${BASE_STYLE}.pages{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;justify-content:space-between;padding:.85rem 1.1rem;border-top:1px solid var(--line)}
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
.check input{width:1.15rem;min-height:1.15rem;margin:0;accent-color:var(--accent)}
.summary{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.4rem 1.2rem}
.summary dt{color:var(--muted)}.summary dd{overflow-wrap:anywhere}
.secret{padding:.9rem 1.1rem;background:var(--raised);border:1px solid var(--line);border-radius:.5rem;overflow-wrap:anywhere;user-select:all}
.lead{max-width:46rem;margin-bottom:1.1rem;color:var(--muted)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1.1rem;margin-bottom:1.1rem}
.figures div{padding:.85rem 1.1rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.figures dt{font-size:.85rem;color:var(--muted)}
.figures dd{font-size:1.45rem;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figures .beneath{font-size:.82rem;font-weight:400;color:var(--muted)}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:0 1.1rem;align-items:start}.beside>*{min-width:0}
.columns{columns:14rem auto}.columns li{overflow-wrap:anywhere;break-inside:avoid}
.plain{list-style:none}.plain li+li{margin-top:.45rem}
.card-head.head{margin-bottom:.5rem}
.switch{display:flex;gap:.25rem}
.switch a{padding:.2rem .6rem;border-radius:.45rem;color:var(--muted);text-decoration:none;font-size:.88rem}
.switch a[aria-current]{background:var(--accent-soft);color:var(--accent);font-weight:550}
.chart{margin:0;padding:.4rem 1.1rem 1rem}
.chart svg{display:block;width:100%;height:6.5rem;margin-bottom:.6rem;overflow:visible}
.chart rect{fill:var(--accent)}
.chart .before{fill:light-dark(#c9d0dc,#414b59)}
.chart line{vector-effect:non-scaling-stroke}
.chart .grid{stroke:var(--line);stroke-dasharray:3 4}
.chart .axis{stroke:var(--field)}
.chart-row{display:flex;justify-content:space-between;font-size:.85rem;color:var(--muted);font-variant-numeric:tabular-nums}
.chart-row strong{color:var(--text)}
.short{max-height:22rem;overflow-y:auto;border-top:1px solid var(--line)}
.short caption{padding:.62rem 1.1rem;font-size:.88rem;color:var(--muted)}
.short thead th{position:sticky;top:0;background:var(--card)}
tfoot th,tfoot td{font-weight:650;border-top:2px solid var(--line)}
.filter{padding:.9rem 1.1rem}
.search{display:flex;gap:.6rem}
.search input{flex:1;min-width:0}
.filters summary{cursor:pointer;padding:.7rem 0 .1rem;font-size:.88rem;font-weight:550;color:var(--accent);width:fit-content}
.fields{display:grid;grid-template-columns:1fr 1fr 9.2rem 9.2rem .75fr .75fr 1.1fr 6rem;gap:.7rem;padding-top:.8rem}
.fields>*{min-width:0}
.apply{display:flex;align-items:end}
.apply button{width:100%}
.chips{display:flex;flex-wrap:wrap;gap:.45rem;list-style:none;padding:.8rem 0 0}
.chips a{display:inline-flex;gap:.35rem;padding:.2rem .7rem;border-radius:1rem;background:var(--accent-soft);color:var(--text);font-size:.88rem;text-decoration:none;overflow-wrap:anywhere}
.chips a:hover{text-decoration:line-through}
.chips .clear{background:none;color:var(--accent);text-decoration:underline}
.dates{padding:.7rem 1.1rem}
.trail{font-size:.9rem}
.dates ul{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:.55rem 0 0}
.dates li a{display:inline-flex;gap:.45rem;padding:.22rem .7rem;border:1px solid var(--line);border-radius:1rem;color:var(--text);text-decoration:none;font-size:.9rem;font-variant-numeric:tabular-nums}
.dates li a:hover{border-color:var(--accent);background:var(--accent-soft)}
.orders tbody th{min-width:9rem}
.orders .unit{display:none}
.sort{padding-left:.35em;font-weight:400}
thead th:not([aria-sort]) .sort{opacity:.55}
.next{margin-left:auto}
.export[open]{flex-basis:100%}.export summary{list-style:none;width:fit-content;margin-left:auto}.export form{margin:.7rem 0 0}.export pre{margin:0;white-space:pre-wrap}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1.1rem}
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
@supports selector(::details-content){@media (min-width:45.01rem){.filters summary{display:none}.filters::details-content{content-visibility:visible;block-size:auto}.fields{padding-top:.9rem}}}
@media (prefers-reduced-motion:no-preference){.button,button,.top nav a{transition:background-color .12s}}
@media (max-width:70rem){.fields{grid-template-columns:repeat(4,1fr)}}
@media (max-width:45rem){
main{padding:1.1rem .8rem 2rem}.top{padding:.6rem .8rem}.top nav{gap:0;margin-left:-.5rem}.top nav a{padding:.35rem .5rem}.viewer{margin-left:0;flex-basis:100%;font-size:.75rem}h1{font-size:1.35rem}
th,td{padding:.55rem .8rem}tbody th,tbody td{min-width:7.5rem}tbody .num,.lines th,.lines td{min-width:0}
.figures{grid-template-columns:1fr 1fr;gap:.6rem}.figures dd{font-size:1.15rem}
.filter,.dates,.pad,.pages{padding-left:.8rem;padding-right:.8rem}.card>h2,.card-head{padding-left:.8rem;padding-right:.8rem}.facts{grid-template-columns:1fr 1fr;gap:.9rem .8rem}.fields{grid-template-columns:1fr 1fr}
.dates ul{flex-wrap:nowrap;overflow-x:auto;padding-bottom:.3rem}.dates li{flex:none}
.orders,.orders tbody,.lines,.lines tbody,.lines tfoot{display:block}
.orders thead,.lines thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.orders tr{display:grid;grid-template:"no total" auto "seller status" auto "created items" auto / minmax(0,1fr) auto;gap:.2rem .8rem;padding:.7rem .8rem;border-top:1px solid var(--line)}
.orders tbody tr:first-child{border-top:0}
.orders th,.orders td{padding:0;border:0;min-width:0}
.orders tbody th{grid-area:no}.orders .seller{grid-area:seller}.orders .created{grid-area:created;color:var(--muted);font-size:.88rem}
.orders .status{grid-area:status;justify-self:end}.orders .items{grid-area:items;color:var(--muted);font-size:.88rem}.orders .total{grid-area:total;font-weight:650}
.orders .unit{display:inline}
.lines tr{display:grid;grid-template:"name sum" auto "sku detail" auto / minmax(0,1fr) auto;gap:.15rem .8rem;padding:.6rem .8rem;border-top:1px solid var(--line)}
.lines th,.lines td{padding:0;border:0!important}.lines .name{grid-area:name}.lines .sku{grid-area:sku;color:var(--muted)}.lines .sum{grid-area:sum}
.lines .quantity{grid-area:detail;color:var(--muted);font-size:.88rem;margin-right:5.5rem}.lines .quantity::after{content:" ×"}.lines .price{grid-area:detail;color:var(--muted);font-size:.88rem}
.lines tfoot tr{grid-template:"label value" auto / minmax(0,1fr) auto}.lines tfoot th{text-align:left}.lines .difference>*{background:none}
.pages .next{margin-left:0}
}
@media print{
:root{color-scheme:light;--ground:#fff}
body{font-size:11px}.top nav,.skip,.search,.filters,.chips .clear,.pages,.actions,.dates,.switch,form:not(.filter),.head .button,.sort{display:none}.filter{padding:0}.chips{padding:0}.chips a{padding:0 1rem 0 0;background:none;color:inherit}.chips [aria-hidden]{display:none}.badge,thead th{font-size:1em}.foot,.viewer{font-size:1em}.top{border:0;padding:0}
main{padding:.5rem 0;max-width:none}.card{border:0;border-radius:0}th,td{padding:.25rem .4rem}a{color:inherit;text-decoration:none}
.badge{padding:0;font-size:inherit;background:none!important;color:inherit!important}thead{display:table-header-group}.short{max-height:none;overflow:visible}tr{break-inside:avoid}
}
`;

/** For the policy's `style-src`. */
export const STYLE_SHA256 = createHash('sha256').update(STYLE).digest('base64');
