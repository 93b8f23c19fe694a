/** The recorded run as a picture: chapters show it until the live example has come, and without JavaScript. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { recordedPicture } from '../../components/run-example/recorded-picture.ts';
import { catalog } from '../../engine/catalog.ts';

export const getStaticPaths: GetStaticPaths = () =>
  Object.keys(catalog).flatMap((id) => {
    const picture = recordedPicture(id);
    return picture ? [{ params: { id }, props: { svg: picture.svg } }] : [];
  });

export const GET: APIRoute<{ svg: string }> = ({ props }) =>
  new Response(props.svg, { headers: { 'content-type': 'image/svg+xml' } });
