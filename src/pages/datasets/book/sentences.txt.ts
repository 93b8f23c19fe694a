/** The book's own sentences as a dataset: made at the build, read by the examples that train on them. */
import type { APIRoute } from 'astro';
import { corpusText } from '../../../content/corpus.ts';

export const GET: APIRoute = () =>
  new Response(corpusText(process.cwd()), {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
