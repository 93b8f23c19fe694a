/**
 * Serves the built site twice: at `/`, and the build for a sub-path at `/x/`. Plain files on `PORT`, as any host would;
 * on `ISOLATED_PORT` with the headers of the site's own `_headers` for all files.
 */
import { readFileSync } from 'node:fs';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const root = new URL('../../', import.meta.url);
const folder = (name: string) => sirv(fileURLToPath(new URL(name, root)), { etag: true });

/** Base path → the folder it is built into. */
export const BUILDS = { '/': 'dist', '/x/': 'dist-x' } as const;
export const PORT = 4399;
export const ISOLATED_PORT = 4400;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const atRoot = folder(BUILDS['/']);
  const below = folder(BUILDS['/x/']);
  const file = readFileSync(new URL(`${BUILDS['/']}/_headers`, root), 'utf8');
  const [, forAll = ''] = /^\/\*\n((?: .*\n)+)/m.exec(file) ?? [];
  const headers = Object.fromEntries(
    forAll.split('\n').flatMap((line) => {
      const [, name, value] = /^ +([\w-]+): (.+)$/.exec(line) ?? [];
      return name !== undefined && value !== undefined ? [[name, value]] : [];
    }),
  );
  const listen = (port: number, extra: OutgoingHttpHeaders): void => {
    createServer((request, response) => {
      for (const [name, value] of Object.entries(extra)) {
        if (value !== undefined) response.setHeader(name, value);
      }
      const missing = (): void => {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      };
      if (request.url?.startsWith('/x/')) {
        request.url = request.url.slice(2);
        below(request, response, missing);
      } else atRoot(request, response, missing);
    }).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
  };
  listen(ISOLATED_PORT, headers);
  listen(PORT, {});
}
