/** `<example-gallery>`: filters the cards that are already on the page, keeps the choice in the address. */
import { zh } from '../../i18n/zh.ts';

class ExampleGallery extends HTMLElement {
  #form!: HTMLFormElement;
  #cards: readonly HTMLElement[] = [];

  connectedCallback(): void {
    this.#form = this.querySelector('form') as HTMLFormElement;
    this.#cards = [...this.querySelectorAll<HTMLElement>('[data-card]')];
    const query = new URLSearchParams(location.search);
    for (const select of this.#selects()) {
      const wanted = query.get(select.name) ?? '';
      if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
    }
    this.#form.addEventListener('change', () => this.#filter(true));
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.addEventListener('click', (event) => {
      if (!(event.target as Element).closest('[data-action=reset]')) return;
      for (const select of this.#selects()) select.value = '';
      this.#filter(true);
      this.#selects()[0]?.focus();
    });
    this.#filter(false);
  }

  #selects(): HTMLSelectElement[] {
    return [...this.#form.querySelectorAll('select')];
  }

  #filter(byReader: boolean): void {
    const wanted = this.#selects().filter((select) => select.value !== '');
    let shown = 0;
    for (const card of this.#cards) {
      const fits = wanted.every((select) =>
        (card.dataset[select.name] ?? '').split(' ').includes(select.value),
      );
      card.hidden = !fits;
      if (fits) shown++;
    }
    for (const group of this.querySelectorAll<HTMLElement>('[data-group]'))
      group.hidden = group.querySelector('[data-card]:not([hidden])') === null;
    const words = zh.gallery.count(shown, this.#cards.length);
    const count = this.querySelector('[data-part=count]');
    if (count && count.textContent !== words) count.textContent = words;
    const none = this.querySelector<HTMLElement>('[data-part=none]');
    if (none) none.hidden = shown > 0;
    this.dataset['shown'] = String(shown);
    if (!byReader) return;
    const url = new URL(location.href);
    for (const select of this.#selects()) {
      if (select.value === '') url.searchParams.delete(select.name);
      else url.searchParams.set(select.name, select.value);
    }
    history.replaceState(history.state, '', url);
  }
}

customElements.define('example-gallery', ExampleGallery);
