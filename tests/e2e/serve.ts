/** Serves the built site twice: at `/`, and the build for a sub-path at `/x/`. Plain files, as any host would. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const root = new URL('../../', import.meta.url);
const folder = (name: string) => sirv(fileURLToPath(new URL(name, root)), { etag: true });

/** Base path → the folder it is built into. */
export const BUILDS = { '/': 'dist', '/x/': 'dist-x' } as const;
export const PORT = 4399;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const atRoot = folder(BUILDS['/']);
  const below = folder(BUILDS['/x/']);
  createServer((request, response) => {
    const missing = (): void => {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    };
    if (request.url?.startsWith('/x/')) {
      request.url = request.url.slice(2);
      below(request, response, missing);
    } else atRoot(request, response, missing);
  }).listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/`));
}
