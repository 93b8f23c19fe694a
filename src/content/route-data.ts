/**
 * Gives each chapter the date of its last commit, which Starlight itself looks up only below `src/content/docs`, and
 * folds the sidebar to the part that is being read.
 */
import { spawnSync } from 'node:child_process';
import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data';

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

type Sidebar = StarlightRouteData['sidebar'];

/** Whether a link below these entries is the page itself. */
const holdsPage = (entries: Sidebar): boolean =>
  entries.some((entry) => (entry.type === 'link' ? entry.isCurrent : holdsPage(entry.entries)));

/** Parts other than the page's own become one link each, to their first chapter; the appendix stays open. */
function foldParts(sidebar: Sidebar): Sidebar {
  const appendix = sidebar.findLast((entry) => entry.type === 'group');
  return sidebar.map((entry) => {
    if (entry.type === 'link' || entry === appendix || holdsPage(entry.entries)) return entry;
    const first = entry.entries.find((child) => child.type === 'link');
    return first ? { ...first, label: entry.label } : entry;
  });
}

let dates: ReadonlyMap<string, Date> | undefined;

export const onRequest = defineRouteMiddleware((context) => {
  const { starlightRoute } = context.locals;
  dates ??= commitDates('content/chapters');
  const date = dates.get(starlightRoute.entry.filePath);
  if (date) starlightRoute.lastUpdated = date;
  starlightRoute.sidebar = foldParts(starlightRoute.sidebar);
});
