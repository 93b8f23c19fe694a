/** How the site's search orders the pages that hold what was typed. */

/** For Pagefind: a page counts for holding all of the words, hardly for its length or for repeating one. */
export const RANKING = {
  pageLength: 0.1,
  termFrequency: 0.1,
  termSaturation: 2,
  termSimilarity: 9,
} as const;
