/** Draws plain words as HTML. Knows nothing of who says them. */
import type { TextView } from '../../contract/view.ts';
import { escapeText } from './markup.ts';

/** A paragraph that keeps its line breaks. */
export function drawText(view: TextView): string {
  return `<p class="view-words">${escapeText(view.text)}</p>`;
}
