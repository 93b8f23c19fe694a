/**
 * The components a chapter may use: where each lives, and which attributes it takes. A chapter has no import lines;
 * the Markdown plugin and the checks both read this one list.
 */

/** What an attribute must be. `flag` may stand alone; `braces` must be an expression in `{}`; `any` may be either. */
export type AttributeKind = 'text' | 'number' | 'flag' | 'braces' | 'any';

export interface Word {
  /** Module that exports the component; `default` unless `named`. */
  readonly from: string;
  readonly named?: true;
  /** Attributes, by name. Absent: not checked (a component that is not ours). */
  readonly attributes?: Readonly<Record<string, AttributeKind>>;
  readonly required?: readonly string[];
  /** Must something stand between its tags? `none`: it must be empty. */
  readonly children?: 'some' | 'none';
}

const starlight: Word = { from: '@astrojs/starlight/components', named: true };

export const VOCABULARY: Readonly<Record<string, Word>> = {
  RunExample: {
    from: '/src/components/ExampleDoor.astro',
    attributes: { id: 'text' },
    required: ['id'],
    children: 'none',
  },
  ExampleSource: {
    from: '/src/components/ExampleSource.astro',
    attributes: { id: 'text', region: 'text' },
    required: ['id'],
    children: 'none',
  },
  Calculator: {
    from: '/src/components/Calculator.astro',
    attributes: { id: 'text', inputs: 'braces' },
    required: ['id'],
    children: 'none',
  },
  Erratum: {
    from: '/src/components/Erratum.astro',
    attributes: { id: 'text' },
    required: ['id'],
    children: 'none',
  },
  Term: {
    from: '/src/components/Term.astro',
    attributes: { id: 'text' },
    required: ['id'],
    children: 'some',
  },
  Quiz: {
    from: '/src/components/Quiz.astro',
    attributes: { question: 'text' },
    required: ['question'],
    children: 'some',
  },
  Figure: {
    from: '/src/components/Figure.astro',
    attributes: { caption: 'text', wide: 'flag' },
    required: ['caption'],
    children: 'some',
  },
  Recorded: {
    from: '/src/components/Recorded.astro',
    attributes: { id: 'text', metric: 'text', preset: 'text', step: 'number', digits: 'number' },
    required: ['id', 'metric'],
    children: 'none',
  },
  Result: {
    from: '/src/components/Result.astro',
    attributes: { id: 'text', result: 'text', inputs: 'braces', digits: 'number' },
    required: ['id', 'result'],
    children: 'none',
  },
  /** The two of the front page. */
  LiveHero: {
    from: '/src/components/front/LiveHero.astro',
    attributes: {},
    children: 'none',
  },
  Part: {
    from: '/src/components/front/Part.astro',
    attributes: { folder: 'text' },
    required: ['folder'],
    children: 'some',
  },
  Aside: starlight,
  Tabs: starlight,
  TabItem: starlight,
  Steps: starlight,
  Card: starlight,
  CardGrid: starlight,
  LinkCard: starlight,
};

/** The names, for a message. */
export const WORDS: readonly string[] = Object.keys(VOCABULARY);
