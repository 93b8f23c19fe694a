/** Fetches the code of the views that a reader can move, once there is one on the page. */

/** Call it after putting views on a page; costs nothing where none of them moves. */
export function livenViews(place: Element): void {
  if (place.querySelector('frame-player') === null) return;
  import('./frame-player.ts').catch((error: unknown) => console.error(error));
}
