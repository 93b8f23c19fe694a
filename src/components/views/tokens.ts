/** Draws tokens one after another, each tinted by its number, as HTML. Knows no model and no language. */
import type { TokensView } from '../../contract/view.ts';
import { STRONGEST_TINT } from './matrix.ts';
import { escapeText } from './markup.ts';

/** Signs for tokens that would not be seen. */
const UNSEEN: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\t': '⇥', '': '∅' };

/** A paragraph of tinted tokens, with what the tint means below it. */
export function drawTokens(view: TokensView): string {
  if (view.tokens.length === 0) return '<p class="view-words">还没有词元</p>';
  const tokens = view.tokens.map(({ text, value, note }) => {
    const known = value !== undefined && Number.isFinite(value);
    const size = known ? Math.min(1, Math.abs(value)) * STRONGEST_TINT : 0;
    const ink = known && value < 0 ? 'tint-negative' : 'tint';
    const style =
      size < 0.004
        ? ''
        : ` style="--ink: var(--chart-${ink}); --size: ${(size * 100).toFixed(1)}%"`;
    return (
      `<span class="view-token"${style}>${escapeText(UNSEEN[text] ?? text)}` +
      (note === undefined ? '' : `<small>${escapeText(note)}</small>`) +
      '</span>'
    );
  });
  return (
    `<p class="view-tokens">${tokens.join('')}</p>` +
    (view.legend === '' ? '' : `<p class="view-legend">${escapeText(view.legend)}</p>`)
  );
}
