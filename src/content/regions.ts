/** Cuts named regions out of an example's source. Knows only text; TypeScript and Python alike. */

const OPEN = /^(\s*)(?:\/\/|#)\s*#?region\s+(\S+)\s*$/;
const CLOSE = /^\s*(?:\/\/|#)\s*#?endregion\b/;

/** The source without its region markers, with at most one blank line in a row. */
export function withoutMarkers(source: string): string {
  const lines = source.split('\n').filter((line) => !OPEN.test(line) && !CLOSE.test(line));
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/**
 * Every region of a source: name → its lines, shifted to the left edge. Regions may nest.
 * @throws Error when a region is opened twice, never closed, or closed without being open.
 */
export function regionsOf(source: string): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  const open: { name: string; lines: string[] }[] = [];
  source.split('\n').forEach((line, index) => {
    const start = OPEN.exec(line);
    if (start) {
      const name = start[2] as string;
      if (regions.has(name) || open.some((region) => region.name === name)) {
        throw new Error(`第 ${index + 1} 行：区域 ${name} 出现了两次`);
      }
      open.push({ name, lines: [] });
    } else if (CLOSE.test(line)) {
      const region = open.pop();
      if (!region) throw new Error(`第 ${index + 1} 行：#endregion 前面没有 #region`);
      regions.set(region.name, dedent(region.lines));
    } else {
      for (const region of open) region.lines.push(line);
    }
  });
  const last = open.pop();
  if (last) throw new Error(`区域 ${last.name} 没有 #endregion`);
  return regions;
}

function dedent(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim()).map((line) => /^\s*/.exec(line)?.[0].length);
  const common = Math.min(...indents.map((indent) => indent ?? 0));
  return lines
    .map((line) => line.slice(Number.isFinite(common) ? common : 0))
    .join('\n')
    .replace(/^\n+|\s+$/g, '');
}
