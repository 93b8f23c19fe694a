/** Puts drawn views on a page, and fetches the code of those that a reader can move. */

const playersIn = (place: Element): HTMLElement[] => [
  ...place.querySelectorAll<HTMLElement>('frame-player'),
];

/** Fetches what moves the views in `place`; costs nothing where none of them moves. */
export function livenViews(place: Element): void {
  if (playersIn(place).length === 0) return;
  import('./frame-player.ts').catch((error: unknown) => console.error(error));
}

/** Replaces the views in `place` by `html`; a sequence of frames stays at the frame that the reader was looking at. */
export function putViews(place: Element, html: string): void {
  const steps = playersIn(place).map((player) => player.dataset['step']);
  place.innerHTML = html;
  playersIn(place).forEach((player, n) => {
    player.dataset['step'] = steps[n] ?? '1';
  });
  livenViews(place);
}
