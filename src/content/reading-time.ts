/** Estimates how long a chapter takes to read, from its text alone. */
import { countHan } from './schemas.ts';

/** Seconds for one of each; rough, and said to be so on the page. */
const HAN_PER_MINUTE = 350;
const SECONDS = { display: 15, inline: 2, codeLine: 3, run: 60, calculator: 60, source: 40 } as const;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Whole minutes, at least 1. @param source a chapter's file, frontmatter and all */
export function readingMinutes(source: string): number {
  let text = source.replace(/^---\n[\s\S]*?\n---\n/, '');
  let seconds = 0;
  text = text.replace(/^```[\s\S]*?^```/gm, (fence) => {
    seconds += SECONDS.codeLine * Math.max(0, fence.split('\n').length - 2);
    return '';
  });
  text = text.replace(/\$\$[\s\S]*?\$\$/g, () => {
    seconds += SECONDS.display;
    return '';
  });
  text = text.replace(/\$[^$\n]+\$/g, () => {
    seconds += SECONDS.inline;
    return '';
  });
  seconds += SECONDS.run * count(text, /<RunExample\b/g);
  seconds += SECONDS.calculator * count(text, /<Calculator\b/g);
  seconds += SECONDS.source * count(text, /<ExampleSource\b/g);
  seconds += (countHan(text) / HAN_PER_MINUTE) * 60;
  return Math.max(1, Math.round(seconds / 60));
}
