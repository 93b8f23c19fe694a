/** Tells once when an element comes near the screen and the page has a moment. */

/** How near: a reader who scrolls on is there in a second or two. */
const NEAR = '200px';

/** Calls `then` once, in an idle moment after the element came near; never where the browser cannot tell. */
export function whenNear(element: Element, then: () => void): void {
  if (typeof IntersectionObserver === 'undefined') return;
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      // Safari has no idle callbacks.
      if (typeof requestIdleCallback === 'function') requestIdleCallback(then, { timeout: 2000 });
      else setTimeout(then, 300);
    },
    { rootMargin: NEAR },
  );
  observer.observe(element);
}
