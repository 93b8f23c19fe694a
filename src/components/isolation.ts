/** Asks for threads on hosts that cannot set headers: registers the service worker that adds them. Reloads nothing. */
import { sparing } from './sparing.ts';

/** What stands between this page and threads; `next-page` when the service worker is in force from there on. */
export type Isolation = 'isolated' | 'next-page' | 'impossible';

/** Registers at most once a page. Called where training is near, so that a page of text never fetches it. */
export async function isolate(): Promise<Isolation> {
  if (crossOriginIsolated) return 'isolated';
  const alone = window.top === window && navigator.hardwareConcurrency > 1;
  if (!('serviceWorker' in navigator) || !isSecureContext || !alone || sparing())
    return 'impossible';
  // It is in force already, and this browser does not isolate pages that way.
  if (navigator.serviceWorker.controller) return 'impossible';
  const base = import.meta.env.BASE_URL.replace(/\/?$/u, '/');
  try {
    await navigator.serviceWorker.register(`${base}cross-origin-isolation.js`, { scope: base });
    return 'next-page';
  } catch {
    return 'impossible';
  }
}
