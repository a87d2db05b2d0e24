import type { Page } from 'playwright-core';

// What is measured of a page as it is drawn. Functions of the browser are texts: tests know no DOM.

/** Everything that looks broken, in words; nothing where a page is as it should be. */
export function brokenLooks(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const all = (selector) => [...document.querySelectorAll(selector)].filter(
      (element) => element.checkVisibility() && !element.closest('.hidden'));
    const told = (what) => (element) => what + ': ' + element.textContent.trim().slice(0, 40);
    const isWider = (element) => element.scrollWidth > element.clientWidth + 1;
    const lines = (element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const tops = [...range.getClientRects()].filter(({ width }) => width > 1).map(({ bottom }) => bottom);
      return Math.max(...tops) - Math.min(...tops) > 8 ? 2 : 1;
    };
    const root = document.documentElement;
    return [
      ...(root.scrollWidth > innerWidth ? ['the page scrolls sideways: ' + root.scrollWidth] : []),
      ...all('.badge, .unbroken, time').filter((element) => lines(element) > 1).map(told('broken')),
      ...all('.badge').filter(isWider).map(told('cut')),
      ...all('tbody th, tbody td').filter(isWider).map(told('overlaps')),
      ...all('.scroll').filter(isWider)
        .filter((element) => !getComputedStyle(element, '::after').content.includes('scroll'))
        .map(told('scrolls and does not say so')),
    ];
  })()`);
}

/** How far below the top of the page the first row of its first table begins, in pixels. */
export function firstRowAt(page: Page): Promise<number> {
  return page.evaluate<number>(
    `document.querySelector('tbody tr').getBoundingClientRect().top + scrollY`,
  );
}
