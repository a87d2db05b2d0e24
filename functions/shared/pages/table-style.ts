/**
 * Tables. Only what people write may break within a word (`.text`); badges, ids and figures do not
 * (`.unbroken`). Where a table of many columns would not fit, its rows are cards (`.cards`).
 */
export const TABLE_STYLE = `
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left}
th,td{padding:.55rem 1.1rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{padding-top:.45rem;padding-bottom:.45rem;border-top:0;font-size:.8rem;color:var(--muted);font-weight:600;white-space:nowrap}
tbody a{text-decoration-color:transparent}
tbody a:hover,tbody a:focus-visible{text-decoration-color:currentColor}
thead a{color:inherit;text-decoration:none}
thead a:hover{text-decoration:underline}
thead [aria-sort] a{color:var(--text)}
tbody tr:hover{background:light-dark(#f9fafc,#1e232a)}
tbody th{font-weight:600}
tbody th,.text,.wide,.orders .seller,.lines .name,.lines .sku{overflow-wrap:anywhere}
.num{text-align:right;white-space:nowrap}
.badge{display:inline-block;max-width:100%;padding:.08rem .6rem;overflow:hidden;text-overflow:ellipsis;vertical-align:top;border-radius:1rem;background:var(--raised);font-size:.85rem;font-weight:550}
.badge.good{background:var(--good-soft);color:var(--good)}
.badge.bad{background:var(--bad-soft);color:var(--bad)}
.badge.warn{background:var(--warn-soft);color:var(--warn)}
.badge.info{background:var(--info-soft);color:var(--info)}
tfoot th,tfoot td{font-weight:650;border-top:2px solid var(--line)}
.sort{padding-left:.35em;font-weight:400}
thead th:not([aria-sort]) .sort{opacity:.55}
.scroll{position:relative;overflow-x:auto;container-type:scroll-state}
.scroll::after{position:sticky;left:0;bottom:0;display:none;padding:.3rem 1.1rem;border-top:1px solid var(--line);background:var(--raised);color:var(--muted);font-size:.8rem}
@container scroll-state(scrollable:right){.scroll::after{content:"More to the right: scroll sideways →";display:block}}
@container scroll-state(scrollable:bottom){.scroll::after{content:"More below: scroll down ↓";display:block}}
.short{max-height:22rem;overflow-y:auto;border-top:1px solid var(--line)}
.short caption{padding:.55rem 1.1rem;font-size:.88rem;color:var(--muted)}
.short thead th{position:sticky;top:0;z-index:1;background:var(--card)}
.unit{display:none}
@media (min-width:62.5rem){
.scroll:not(.short){overflow-x:visible}
.cards thead th,.orders thead th,.lines thead th{position:sticky;top:0;z-index:1;background:var(--card);box-shadow:0 1px var(--line)}
.cards thead th:first-child,.orders thead th:first-child{border-top-left-radius:.7rem}.cards thead th:last-child,.orders thead th:last-child{border-top-right-radius:.7rem}
.cards tbody tr:first-child>*,.orders tbody tr:first-child>*{border-top-color:transparent}
.text,.wide,.orders .seller{min-width:9.6rem}.orders tbody th{min-width:11.5rem}
}
@media (min-width:62.5rem) and (max-width:75rem){th,td{padding-left:.6rem;padding-right:.6rem}.text,.orders .seller{min-width:6rem}.orders tbody th{min-width:8rem}}
@media screen and (max-width:62.49rem){
.cards,.cards tbody,.orders,.orders tbody{display:block}
.cards thead,.orders thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tr,.orders tr{display:grid;gap:.3rem 1rem;padding:.75rem 1.1rem;border-top:1px solid var(--line)}
.cards tbody tr:first-child,.orders tbody tr:first-child{border-top:0}
.cards th,.cards td,.orders th,.orders td{padding:0;border:0}
.cards tr{grid-template-columns:repeat(auto-fill,minmax(8.7rem,1fr))}
.cards tbody th,.cards .wide{grid-column:1/-1}
.cards td{text-align:left;min-width:0}.cards td.num{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .5rem}
.cards td[data-label]::before{content:attr(data-label);display:block;color:var(--muted);font-size:.78rem}
.orders tr{grid-template:"no status total" auto "seller created items" auto "seller changed ." auto / minmax(0,1fr) 13.5rem minmax(8rem,auto)}
.orders tbody th{grid-area:no}.orders .seller{grid-area:seller}.orders .created{grid-area:created}.orders .changed{grid-area:changed}.orders .created,.orders .changed{color:var(--muted);font-size:.88rem}
.orders .status{grid-area:status;min-width:0}.orders .items{grid-area:items;color:var(--muted);font-size:.88rem}.orders .total{grid-area:total;font-weight:650}
.unit{display:inline}
}
@media screen and (max-width:45rem){
th,td{padding:.5rem .8rem}
.cards tr,.orders tr{padding:.7rem .8rem}
.cards tr{gap:.3rem .6rem}
.scroll tbody th{min-width:7.5rem}
.orders tr{grid-template:"no no total" auto "seller seller items" auto "status created created" auto "changed changed changed" auto / auto minmax(0,1fr) auto;gap:.2rem .7rem}
.orders .created,.orders .changed,.orders .items{justify-self:end;font-size:.82rem}.orders .badge{font-size:.78rem}
.lines,.lines tbody,.lines tfoot{display:block}
.lines thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.lines tr{display:grid;grid-template:"name sum" auto "sku detail" auto / minmax(0,1fr) auto;gap:.15rem .8rem;padding:.6rem .8rem;border-top:1px solid var(--line)}
.lines th,.lines td{padding:0;border:0!important}.lines .name{grid-area:name}.lines .sku{grid-area:sku;color:var(--muted)}.lines .sum{grid-area:sum}
.lines .quantity{grid-area:detail;color:var(--muted);font-size:.88rem;margin-right:5.5rem}.lines .quantity::after{content:" ×"}.lines .price{grid-area:detail;color:var(--muted);font-size:.88rem}
.lines tfoot tr{grid-template:"label value" auto / minmax(0,1fr) auto}.lines tfoot th{text-align:left}.lines .difference>*{background:none}
}
`;
