/** Paper: a date, no colours, and nothing that only a screen can use. */
export const PRINT_STYLE = `
.on-paper{display:none}
@media print{
@page{margin:14mm}
:root{color-scheme:light;--ground:#fff;--line:#c8ccd2}
body{display:block;font-size:9pt}h1{font-size:15pt}
.on-paper{display:block}
.top nav,.brand-mark,.skip,.search,.filters,.chips .clear,.pages,.actions,.dates,.switch,form:not(.filter),.button,.head .hint,.sort,.scroll::after{display:none!important}
.filter,.chips{padding:0;border:0;margin-bottom:.4rem}.chips a{padding:0 1rem 0 0;background:none;color:inherit}.chips [aria-hidden]{display:none}
.badge,thead th,.foot,.viewer,.top,.head p{font-size:1em}
.top,main,.foot{max-width:none;padding:0}.top{border:0;margin-bottom:.6rem}
.card,.figures div{border:0;border-radius:0;box-shadow:none;padding-left:0;padding-right:0}.card>h2,.card-head{padding-left:0;padding-right:0}
th,td,thead th,.short caption{padding:.2rem .5rem .2rem 0}th.num,td.num,thead th.num{padding:.2rem 0 .2rem .5rem}.num+:not(.num){padding-left:1rem!important}
thead{display:table-header-group}thead th{position:static;color:inherit;box-shadow:none}
a{color:inherit;text-decoration:none}
.chart rect{fill:#333}.chart .break{fill:#fff}.chart .before{fill:#fff;stroke:#777;vector-effect:non-scaling-stroke}
.badge{padding:0;background:none!important;color:inherit!important;font-weight:400}
.scroll,.short{max-height:none;overflow:visible}
tr,.card-head,h2,figure,.figures div{break-inside:avoid}h2,.card-head{break-after:avoid}
}
`;
