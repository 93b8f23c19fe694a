/** The collections Astro loads: the chapters, for Starlight. */
import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';
import { chapterFields } from './content/schemas.ts';

export const collections = {
  docs: defineCollection({
    loader: glob({ base: './content/chapters', pattern: '**/*.mdx' }),
    schema: docsSchema({ extend: chapterFields }),
  }),
};
