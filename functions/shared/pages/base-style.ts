/**
 * What all pages look like: colours, text, controls, cards. Colours are pairs for light and dark;
 * each pair of text and ground has a contrast of 4.5 or more.
 */
export const BASE_STYLE = `
:root{color-scheme:light dark;
--ground:light-dark(#f6f7f9,#111418);--card:light-dark(#fff,#1a1e24);--raised:light-dark(#f1f3f6,#232830);
--text:light-dark(#1a1f27,#e8ebef);--muted:light-dark(#5a6472,#a0a9b6);--line:light-dark(#dfe3e9,#2e353f);
--field:light-dark(#8a94a3,#6b7686);--accent:light-dark(#3450c8,#9db2ff);--on-accent:light-dark(#fff,#10162e);
--accent-soft:light-dark(#e9edff,#252d4d);
--good:light-dark(#12683b,#7fdca6);--good-soft:light-dark(#e0f5e9,#173426);
--bad:light-dark(#a61f2b,#ffa3a9);--bad-soft:light-dark(#fde8e9,#44201f);
--warn:light-dark(#7a4d00,#f5c56b);--warn-soft:light-dark(#fdf1d6,#3b2e12);
--info:light-dark(#0b5a8a,#8fd0f7);--info-soft:light-dark(#e0f1fb,#153144)}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;min-height:100vh;display:flex;flex-direction:column}
h1,h2,p,ul,dl,dd,table{margin:0}
h1{font-size:1.5rem;line-height:1.25;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1.05rem}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
main:focus{outline:none}
code{font:.92em ui-monospace,"SF Mono",Menlo,Consolas,monospace}
code.unbroken{font-size:.86em}
.badge,.unbroken,time{white-space:nowrap;overflow-wrap:normal}
.muted{color:var(--muted)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:0;background:var(--card);padding:.6rem 1rem;z-index:2}
.skip:focus{left:0}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.5rem;padding:.45rem max(1.25rem,calc((100% - 76rem)/2));background:var(--card);border-bottom:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:.55rem;color:inherit;font-weight:650;text-decoration:none}
.brand-mark{width:1.35rem;height:1.35rem;border-radius:.4rem;background:linear-gradient(135deg,#5c7cfa,#3b5bdb)}
.top nav{display:flex;flex-wrap:wrap;gap:.25rem}
.top nav a{padding:.35rem .7rem;white-space:nowrap;border-radius:.45rem;color:var(--muted);text-decoration:none;font-weight:550}
.top nav a:hover{background:var(--raised);color:var(--text)}
.top nav a[aria-current]{background:var(--accent-soft);color:var(--accent)}
.viewer{margin-left:auto;min-width:0;max-width:100%;font-size:.82rem;overflow-wrap:anywhere}
main{flex:1;width:100%;max-width:78.5rem;margin:0 auto;padding:.9rem 1.25rem 3rem}
.foot{padding:1rem 1.25rem;text-align:center;color:var(--muted);font-size:.82rem}
.head{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.4rem 1.5rem;margin-bottom:.75rem}
.head>div:first-child{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .9rem;min-width:0}
.head p{color:var(--muted);font-variant-numeric:tabular-nums}
.head>div:nth-child(2){display:flex;flex-wrap:wrap;align-items:center;gap:.2rem .9rem}.head .hint{max-width:24rem;margin:0}
.crumbs{margin-bottom:.3rem;overflow-wrap:anywhere;font-size:.88rem;color:var(--muted)}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;margin-bottom:.8rem;box-shadow:0 1px 2px light-dark(#1018280d,#0000)}
.card>h2,.card-head{padding:.85rem 1.1rem 0}
.pad{padding:.9rem 1.1rem}
.button,button{display:inline-flex;align-items:center;justify-content:center;gap:.4rem;min-height:2.4rem;padding:.35rem .95rem;border:1px solid var(--field);border-radius:.5rem;background:var(--card);color:var(--text);font:inherit;font-weight:550;text-decoration:none;cursor:pointer}
.button:hover,button:hover{background:var(--raised)}
.primary,button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.primary:hover,button.primary:hover{background:var(--accent);filter:brightness(1.08)}
.danger,button.danger{background:var(--bad);border-color:var(--bad);color:light-dark(#fff,#2b0b0d)}
.actions{display:flex;flex-wrap:wrap;gap:.6rem}
label{display:block;font-size:.85rem;font-weight:550;margin-bottom:.2rem}
input,select,textarea{width:100%;min-height:2.4rem;padding:.35rem .7rem;border:1px solid var(--field);border-radius:.5rem;background:var(--card);color:var(--text);font:inherit}
input[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.field-error{color:var(--bad);font-size:.85rem;margin-top:.25rem}
.hint{color:var(--muted);font-size:.82rem;margin-top:.25rem}
`;
