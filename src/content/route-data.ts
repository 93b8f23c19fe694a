/** Gives each chapter the date of its last commit: Starlight itself looks only below `src/content/docs`. */
import { spawnSync } from 'node:child_process';
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';

/** Path from the root of the repository → date of the newest commit that touched it; empty outside of git. */
function commitDates(folder: string): ReadonlyMap<string, Date> {
  const log = spawnSync(
    'git',
    ['log', '--format=t:%ct', '--name-only', '--relative', '--', folder],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  const dates = new Map<string, Date>();
  let date = new Date(0);
  for (const line of (log.stdout ?? '').split('\n')) {
    if (line.startsWith('t:')) date = new Date(Number(line.slice(2)) * 1000);
    else if (line && !dates.has(line)) dates.set(line, date);
  }
  return dates;
}

let dates: ReadonlyMap<string, Date> | undefined;

export const onRequest = defineRouteMiddleware((context) => {
  const { starlightRoute } = context.locals;
  dates ??= commitDates('content/chapters');
  const date = dates.get(starlightRoute.entry.filePath);
  if (date) starlightRoute.lastUpdated = date;
});
