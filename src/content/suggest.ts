/** Finds the known name that an unknown one was probably meant to be. */

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The nearest of the known names, if it is near enough to be a slip of the hand. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase());
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

/** What is allowed, in words: the nearest name if there is one, then the known names (at most 30). */
export function allowed(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  const list =
    names.slice(0, 30).join('、') + (names.length > 30 ? `……（共 ${names.length} 个）` : '');
  return (
    (near === undefined ? '' : `是不是 ${near}？`) + (list ? `可用的有：${list}` : '现在一个也没有')
  );
}
