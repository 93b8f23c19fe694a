/** The whole source of an example as plain text, fetched when a reader unfolds it. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { withoutMarkers } from '../../content/regions.ts';
import { catalog } from '../../engine/catalog.ts';

export const getStaticPaths: GetStaticPaths = () =>
  Object.values(catalog).map(({ id, source }) => ({ params: { id }, props: { source } }));

export const GET: APIRoute<{ source: string }> = ({ props }) =>
  new Response(withoutMarkers(props.source), {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
