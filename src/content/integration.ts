/** Stops `astro build` and `astro dev` when the book has mistakes, with a sentence for each. */
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { checkBook, sentence } from './check.ts';

/**
 * With `BOOK_DRAFT=1` mistakes are printed and the build goes on: for looking at a chapter that is half written.
 * In `astro dev` the check runs again when a file of the book changes.
 */
export function bookCheck(): AstroIntegration {
  return {
    name: 'book-check',
    hooks: {
      'astro:config:setup': ({ command, config, logger }) => {
        if (command !== 'build' && command !== 'dev') return;
        const problems = checkBook(fileURLToPath(config.root));
        if (problems.length === 0) return;
        const list = problems.map(sentence).join('\n');
        const draft = process.env['BOOK_DRAFT'] === '1';
        if (draft) logger.warn(`这本书有 ${problems.length} 处要改：\n${list}`);
        else throw new Error(`这本书有 ${problems.length} 处要改：\n${list}`);
      },
      'astro:server:setup': ({ server, logger }) => {
        const root = server.config.root;
        const recheck = (path: string): void => {
          if (!/[\\/]content[\\/]|[\\/]recordings[\\/]/.test(path)) return;
          for (const problem of checkBook(root)) logger.warn(sentence(problem));
        };
        server.watcher.on('change', recheck).on('add', recheck).on('unlink', recheck);
      },
    },
  };
}
