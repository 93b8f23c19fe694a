/** Fetches `<live-calculator>` when a reader comes near one. All that a page loads for its calculators at first. */

/** How far below or above the screen a calculator may be when its code is fetched. */
const MARGIN = '600px 0px';
const TOUCHES = ['focusin', 'pointerover', 'pointerdown', 'input'] as const;

const calculators = [...document.querySelectorAll<HTMLElement>('live-calculator')];
let coming: IntersectionObserver | undefined;

function load(): void {
  coming?.disconnect();
  listen('removeEventListener');
  import('../live-calculator.ts').catch((error: unknown) => {
    console.error(error);
    for (const calculator of calculators) {
      calculator.dataset['state'] = 'failed';
      for (const note of calculator.querySelectorAll<HTMLElement>('[data-part="failed"]')) {
        note.hidden = false;
      }
    }
    listen('addEventListener');
  });
}

function listen(change: 'addEventListener' | 'removeEventListener'): void {
  for (const calculator of calculators) {
    for (const touch of TOUCHES) calculator[change](touch, load);
  }
}

listen('addEventListener');
if ('IntersectionObserver' in window) {
  coming = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) load();
    },
    { rootMargin: MARGIN },
  );
  for (const calculator of calculators) coming.observe(calculator);
} else load();
