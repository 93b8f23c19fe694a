/**
 * Fetches a live example when the reader comes near it, or at once when the link names it. Knows the fragment's address,
 * not what is in it. A fetch that fails leaves the recorded picture and the link to the example's own page.
 */
/** How near: soon enough to be there on arrival, late enough that a page which is only glanced at stays light. */
const NEAR = '200px';

/** Style sheets in force, by what they are. */
const loaded = new Set<string>();

/** Adds a style sheet to the page, once. */
async function addStyles(name: string, load: () => Promise<{ default: string }>): Promise<void> {
  const { default: css } = await load();
  if (loaded.has(name)) return;
  loaded.add(name);
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
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
        addStyles('views', () => import('./views/views.css?inline')),
        addStyles('live', () => import('./run-example.css?inline')),
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
