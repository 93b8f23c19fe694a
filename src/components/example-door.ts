/**
 * Fetches a live example when the reader comes near it, or at once when the link names it. Knows the fragment's address,
 * not what is in it. A fetch that fails leaves the recorded picture and the link to the example's own page.
 */
import liveStyles from './run-example.css?url';
import viewStyles from './views/views.css?url';

/** How near: soon enough to be there on arrival, late enough that a page which is only glanced at stays light. */
const NEAR = '200px';

/** Adds a style sheet to the page once; resolves when it is in force. */
function loadStyles(href: string): Promise<void> {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(href));
    document.head.append(link);
  });
}

class ExampleDoor extends HTMLElement {
  connectedCallback(): void {
    const named = new URLSearchParams(location.search).get('example') === this.dataset['example'];
    if (named || location.hash === `#${this.id}` || typeof IntersectionObserver === 'undefined') {
      void this.#open();
      return;
    }
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        observer.disconnect();
        void this.#open();
      },
      { rootMargin: NEAR },
    );
    observer.observe(this);
    this.addEventListener('focusin', () => void this.#open(), { once: true });
  }

  async #open(): Promise<void> {
    if (this.dataset['state'] !== 'closed') return;
    this.dataset['state'] = 'opening';
    try {
      const [html] = await Promise.all([
        fetch(this.dataset['fragment'] ?? '').then((response) => {
          if (!response.ok) throw new Error(`HTTP ${response.status}`);
          return response.text();
        }),
        import('./run-example.ts'),
        loadStyles(viewStyles),
        loadStyles(liveStyles),
      ]);
      const page = new DOMParser().parseFromString(html, 'text/html');
      const live = page.querySelector('run-example');
      if (!live) throw new Error('no example in the fragment');
      live.id = this.id;
      this.replaceWith(document.adoptNode(live));
    } catch {
      this.dataset['state'] = 'failed';
    }
  }
}

customElements.define('example-door', ExampleDoor);
