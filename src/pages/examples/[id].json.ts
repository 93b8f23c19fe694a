/** The recorded runs of an example as a small file, fetched when a reader first touches its charts. */
import type { APIRoute, GetStaticPaths } from 'astro';
import { slimRuns, type RecordedRuns } from '../../components/run-example/history.ts';
import { catalog } from '../../engine/catalog.ts';

export const getStaticPaths: GetStaticPaths = () =>
  Object.values(catalog).flatMap(({ id, recording }) =>
    recording === undefined ? [] : [{ params: { id }, props: { runs: recording.runs } }],
  );

export const GET: APIRoute<{ runs: RecordedRuns }> = ({ props }) =>
  new Response(JSON.stringify(slimRuns(props.runs)), {
    headers: { 'content-type': 'application/json' },
  });
