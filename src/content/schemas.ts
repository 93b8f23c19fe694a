/** The shapes of everything in `content/`, field by field. Knows no file names and looks nothing up. */
import { z } from 'astro/zod';

/** What a chapter is about, in the order of a source document. */
export const CHAPTER_KINDS = [
  'background',
  'concepts',
  'algorithms',
  'math',
  'code',
  'applications',
  'resources',
  'outlook',
  'faq',
  'references',
] as const;

/** Fields of a chapter beside Starlight's own; `title` and `description` are Starlight's. */
export const chapterFields = z.object({
  /** What the chapter is about. Absent only on the front page. */
  kind: z.enum(CHAPTER_KINDS).optional(),
  /** Ids of the examples that the chapter embeds. */
  examples: z.array(z.string()).default([]),
  /** Chapters to read first: `folder/slug`. */
  prerequisites: z.array(z.string()).default([]),
  /** The day on which facts were last checked. */
  reviewed: z.date().optional(),
});
