/** Reads the book's sentences as one long stream, counts its characters, and draws attention. Knows no tensor library. */
import type { MatrixView, TableView, TokensView } from '../contract/view.ts';
import { tableView, tokensView } from './pictures.ts';
import type { SeededRandom } from './random.ts';
import {
  continueText,
  countOdds,
  lastOf,
  loadSentences,
  readSentences,
  type Drawn,
  type Windows,
} from './sentences.ts';

/** Pieces of a stream: `inputs[i][t]` is followed by `answers[i][t]`, which is `inputs[i][t + 1]` within a sentence. */
export interface Pieces {
  readonly inputs: number[][];
  readonly answers: number[][];
}

/**
 * Pieces of `length` characters of a text whose windows see one character, one beginning every `stride` characters;
 * what is left at the end is dropped.
 */
export function pieces({ contexts, next }: Windows, length: number, stride: number): Pieces {
  const count = Math.max(0, Math.floor((next.length - length) / stride) + 1);
  const cut = <T>(list: readonly T[]): T[][] =>
    Array.from({ length: count }, (_, i) => list.slice(i * stride, i * stride + length));
  return { inputs: cut(contexts.map((one) => one[0] ?? 0)), answers: cut(next) };
}

/** What a model of the book's characters reads, and what counting says of the held-out part. */
export interface Stream {
  readonly vocabulary: readonly string[];
  readonly unigram: Float32Array;
  readonly train: Pieces;
  readonly unseen: Pieces;
  /** Probability of each of `unseen`'s answers by the pairs counted in `train`. */
  readonly byPairs: Float32Array;
  readonly counted: { bigramPerplexity: number; unigramPerplexity: number };
  readonly counts: CharacterCounts;
  /** Numbers of a text's characters. */
  readonly encode: (text: string) => number[];
  /** A beginning of a sentence as the model reads it: after the stand-in for a beginning, or its last characters. */
  readonly read: (text: readonly number[]) => number[];
  /** Lets a model go on from a beginning: its characters, then 30 more with their probabilities. */
  readonly write: (
    beginning: readonly number[],
    next: (text: number[]) => Promise<ArrayLike<number>>,
    random: Pick<SeededRandom, 'uniform'>,
  ) => Promise<readonly Drawn[]>;
}

/**
 * The book as one stream of shuffled sentences, cut into pieces of `context` characters: training pieces begin at
 * every character, held-out ones lie end to end.
 */
export async function readStream(run: {
  load(path: string): Promise<ArrayBuffer>;
  readonly seed: number;
  readonly params: { context: number; characters: number; temperature: number };
}): Promise<Stream> {
  const { context, characters, temperature } = run.params;
  const sentences = await loadSentences(run);
  const reading = readSentences(sentences, { seed: run.seed, context: 1, characters });
  const { vocabulary, unigram, encode } = reading;
  const unseen = pieces(reading.heldOut, context, context);
  const { byPairs, counted } = countOdds({ ...reading, heldOut: unroll(unseen) });
  // Filling in front of a sentence shrinks to the one stand-in that every sentence was trained with.
  const trim = (text: number[]) => {
    const first = text.findIndex((char) => char !== 0);
    return first === 0 ? text : text.slice((first < 0 ? text.length : first) - 1);
  };
  return {
    ...{ vocabulary, unigram, unseen, byPairs, counted, encode },
    train: pieces(reading.train, context, 1),
    counts: countCharacters(sentences),
    read: (text) => trim(lastOf(text, context)),
    write: async (given, next, random) => {
      const go = (text: number[]) => next(trim(text));
      const drawn = await continueText(given, go, { context, temperature, random });
      return [...given.map((char) => ({ char, p: NaN })), ...drawn];
    },
  };
}

/** Pieces as windows that see one character: what a count of pairs is tested on. */
export const unroll = ({ inputs, answers }: Pieces): Windows => ({
  contexts: inputs.flat().map((char) => [char]),
  next: answers.flat(),
});

/** What a text is made of. */
export interface CharacterCounts {
  readonly characters: number;
  readonly distinct: number;
  /** Distinct characters that are there only once. */
  readonly once: number;
  /** The fewest distinct characters that make up half, nine tenths and 99 of 100 of the text. */
  readonly cover: readonly [half: number, most: number, nearlyAll: number];
}

/** Counts the characters of sentences. */
export function countCharacters(sentences: readonly string[]): CharacterCounts {
  const counts = new Map<string, number>();
  for (const char of sentences.flatMap((sentence) => [...sentence])) {
    counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  const sizes = [...counts.values()].sort((a, b) => b - a);
  const characters = sizes.reduce((sum, size) => sum + size, 0);
  const covering = (share: number): number => {
    let left = share * characters;
    return sizes.findIndex((size) => (left -= size) <= 1e-9) + 1;
  };
  const once = sizes.filter((size) => size === 1).length;
  const cover = [covering(0.5), covering(0.9), covering(0.99)] as const;
  return { characters, distinct: sizes.length, once, cover };
}

/** The counts as a table. */
export const countsView = (
  { characters, distinct, once, cover }: CharacterCounts,
  read: number,
  weights: number,
): TableView =>
  tableView(
    '这本书的字，和模型的大小',
    ['数什么', '个'],
    [
      ['全书的句子一共多少字', characters],
      ['用来训练的（句末也算一个）', read],
      ['不同的字（连标点）', distinct],
      ['最常见的几个字占一半', cover[0]],
      ['最常见的几个字占九成', cover[1]],
      ['最常见的几个字占 99%', cover[2]],
      ['全书只出现一次的字', once],
      ['模型的权重', weights],
    ],
  );

/** Whom each character (row) looks at, in percent; `weights` of one head, row after row. */
export function attentionView(title: string, text: string, weights: ArrayLike<number>): MatrixView {
  const chars = [...text];
  const places = chars.map((char, i) => `${char}${i + 1}`);
  const at = (row: number, column: number) =>
    Math.round(100 * (weights[row * chars.length + column] ?? 0));
  return {
    kind: 'matrix',
    title,
    rowTitle: '这个字',
    columnTitle: '看前面的谁（%）',
    rows: places,
    columns: places,
    values: chars.map((_, row) => chars.map((_, column) => at(row, column))),
  };
}

/** Whom the last character looks at: the last row of one head. */
export const lastRowView = (
  title: string,
  chars: readonly string[],
  weights: ArrayLike<number>,
): TokensView =>
  tokensView(
    title,
    '越深看得越多，字下是权重',
    chars.map((text, i) => {
      const value = weights[weights.length - chars.length + i] ?? 0;
      return { text, value, note: value.toFixed(2) };
    }),
  );
