/** Numbers the cards of a page, so that each has an id of its own. */

const counts = new WeakMap<Request, number>();

/** The next id on the page that answers `request`. */
export function cardId(request: Request): string {
  const count = (counts.get(request) ?? 0) + 1;
  counts.set(request, count);
  return `card-${count}`;
}
