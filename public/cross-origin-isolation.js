/*
 * A service worker for hosts that cannot set headers: gives pages and workers of this site the two that make them
 * cross-origin isolated. Keeps nothing, changes nothing else; pages register it only where it is of use, and from the
 * next page on it is in force.
 */
/* global self, fetch, Headers, Response, URL */
const ISOLATED = ['document', 'iframe', 'worker', 'sharedworker'];

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => {
  event.waitUntil(self.registration.navigationPreload?.enable());
});

/** The response as it came, with the two headers. */
async function isolated(event) {
  const response = (await event.preloadResponse) ?? (await fetch(event.request));
  // A redirect that the browser follows itself.
  if (response.type === 'opaqueredirect' || response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

self.addEventListener('fetch', (event) => {
  const { destination, url } = event.request;
  if (!ISOLATED.includes(destination) || new URL(url).origin !== self.location.origin) return;
  event.respondWith(isolated(event));
});
