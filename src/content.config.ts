/** The collections Astro loads: the chapters, and the words of Starlight's that we say differently. */
import { i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { defineCollection } from 'astro:content';
import { chapterFields } from './content/schemas.ts';

export const collections = {
  docs: defineCollection({
    loader: glob({ base: './content/chapters', pattern: '**/*.mdx' }),
    schema: docsSchema({ extend: chapterFields }),
  }),
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
};
