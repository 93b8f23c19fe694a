/** Reads the book's own sentences and prepares them for a model of the next character. Knows no tensor library. */
import type { TokensView } from '../contract/view.ts';
import { tokensView } from './pictures.ts';
import { seededRandom, type SeededRandom } from './random.ts';

const FILE = 'book/sentences.txt';
/** Fewer sentences than this are not this book. */
const LEAST = 100;
/** Characters of the held-out sentences that are tested, so that a longer book is not slower. */
const TESTED = 2500;
/** Characters that a model writes at a time. */
const LENGTH = 30;

/** Stand-ins in a vocabulary: before a sentence's first character, for a rare character, after the last one. */
export const [BEFORE, RARE, END] = ['▷', '□', '◁'] as const;

/** One text to predict, cut into pieces: `contexts[i]` are the characters before the character `next[i]`. */
export interface Windows {
  readonly contexts: number[][];
  readonly next: number[];
}

export interface Reading {
  /** Number → character: the three stand-ins, then every one met twice outside `heldOut`, the frequent ones first. */
  readonly vocabulary: readonly string[];
  readonly train: Windows;
  /** From a tenth of the sentences, from all over the book. */
  readonly heldOut: Windows;
  /** Share of each character in the training text; each counts half a time more than it is there. */
  readonly unigram: Float32Array;
  /** Numbers of a text's characters. */
  readonly encode: (text: string) => number[];
}

/**
 * The book's sentences, in the order of the book.
 * @throws Error naming the file when it is not what it should be.
 */
export async function loadSentences(run: {
  load(path: string): Promise<ArrayBuffer>;
}): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await run.load(FILE));
  const sentences = text.split('\n').filter((line) => line !== '');
  if (sentences.length < LEAST) {
    throw new Error(`${FILE}: ${sentences.length} sentences, expected at least ${LEAST}`);
  }
  return sentences;
}

/** Cuts encoded sentences into windows: `context` characters, filled up at a sentence's beginning. */
function windows(sentences: readonly (readonly number[])[], context: number): Windows {
  const cut = sentences.flatMap((sentence) => {
    const padded = [...Array.from({ length: context }, () => 0), ...sentence];
    return sentence.map((next, i) => ({ next, context: padded.slice(i, i + context) }));
  });
  return { contexts: cut.map((one) => one.context), next: cut.map((one) => one.next) };
}

/**
 * Holds out a tenth of the sentences, trains on about `characters` characters of the others (on all, if these are
 * fewer), and numbers the characters of all that are not held out.
 * @param context characters that the model may see before the one it predicts
 */
export function readSentences(
  sentences: readonly string[],
  { seed, context, characters }: { seed: number; context: number; characters: number },
): Reading {
  const order = seededRandom(seed).shuffle(sentences);
  const heldOut = order.slice(0, Math.round(order.length / 10));
  const rest = order.slice(heldOut.length);
  let length = 0;
  const train = rest.filter((sentence) => {
    const wanted = length < characters;
    length += sentence.length;
    return wanted;
  });

  const counts = new Map<string, number>();
  for (const char of rest.flatMap((sentence) => [...sentence])) {
    counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  const met = [...counts].filter(([, count]) => count > 1).sort((a, b) => b[1] - a[1]);
  const vocabulary = [BEFORE, RARE, END, ...met.map(([char]) => char)];
  const numbers = new Map(vocabulary.map((char, number) => [char, number]));
  const encode = (text: string) => [...text].map((char) => numbers.get(char) ?? 1);
  const cut = (list: readonly string[]): Windows =>
    windows(
      list.map((sentence) => [...encode(sentence), 2]),
      context,
    );
  const [seen, unseen] = [cut(train), cut(heldOut)];
  const tally = new Float64Array(vocabulary.length).fill(0.5);
  for (const char of seen.next) tally[char]! += 1;
  const total = seen.next.length + vocabulary.length / 2;
  const unigram = Float32Array.from(tally, (count) => count / total);
  const tested = {
    contexts: unseen.contexts.slice(0, TESTED),
    next: unseen.next.slice(0, TESTED),
  };
  return { vocabulary, train: seen, heldOut: tested, unigram, encode };
}

/**
 * What counting says of the held-out characters: `byPairs`, the probability of each by the counted pairs it makes with
 * the character before it, and `counted`, the perplexity of these and of the shares of single characters. To the
 * followers of a character as many imaginary ones as it has different ones are added and shared out by `unigram`
 * (Witten and Bell's way of leaving room for the unseen).
 */
export function countOdds({ train, heldOut, unigram }: Reading): {
  byPairs: Float32Array;
  counted: { bigramPerplexity: number; unigramPerplexity: number };
} {
  const followers = new Map<number, Map<number, number>>();
  train.next.forEach((next, i) => {
    const previous = train.contexts[i]!.at(-1);
    const counts = followers.get(previous) ?? new Map<number, number>();
    followers.set(previous, counts.set(next, (counts.get(next) ?? 0) + 1));
  });
  const byPairs = Float32Array.from(heldOut.next, (char, i) => {
    const counts = followers.get(heldOut.contexts[i]!.at(-1)) ?? new Map<number, number>();
    const room = Math.max(1, counts.size);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return ((counts.get(char) ?? 0) + room * unigram[char]!) / (total + room);
  });
  const bigramPerplexity = perplexity(byPairs);
  const unigramPerplexity = perplexity(heldOut.next.map((char) => unigram[char]!));
  return { byPairs, counted: { bigramPerplexity, unigramPerplexity } };
}

/** e to the mean of −log p: among how many equally likely characters a model seems to choose; p counts as 1e-12 at least. */
export function perplexity(p: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum -= Math.log(Math.max(p[i]!, 1e-12));
  return Math.exp(sum / p.length);
}

/** A character that a model drew, with the probability it gave it. */
export interface Drawn {
  readonly char: number;
  readonly p: number;
}

/**
 * Draws 30 characters one after another; after the end of a sentence the next one begins. A model's probabilities are
 * raised to 1 / `temperature` first; the stand-ins for what cannot be written are never drawn.
 * @param next the model: probabilities after a context of `context` characters
 */
export async function continueText(
  beginning: readonly number[],
  next: (context: number[]) => Promise<ArrayLike<number>>,
  {
    context,
    temperature,
    random,
  }: { context: number; temperature: number; random: Pick<SeededRandom, 'uniform'> },
): Promise<readonly Drawn[]> {
  const drawn: Drawn[] = [];
  while (drawn.length < LENGTH) {
    const text = [...beginning, ...drawn.map(({ char }) => char)];
    const p = await next(lastOf(text.slice(text.lastIndexOf(2) + 1), context));
    const weights = Array.from(p, (value, i) => (i < 2 ? 0 : value ** (1 / temperature)));
    let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    const found = weights.findIndex((weight) => (left -= weight) < 0);
    const char = found < 0 ? 2 : found;
    drawn.push({ char, p: p[char]! });
  }
  return drawn;
}

/** The last `context` characters of a text, filled up in front. */
export const lastOf = (text: readonly number[], context: number): number[] =>
  [...Array.from({ length: context }, () => 0), ...text].slice(-context);

/** Characters with their probabilities; those of a reader, whose probability is NaN, without. */
export const writtenView = (
  title: string,
  vocabulary: readonly string[],
  drawn: readonly Drawn[],
): TokensView =>
  tokensView(
    title,
    '字下是它的概率，越深越肯定',
    drawn.map(({ char, p }) => {
      const odds = Number.isNaN(p) ? {} : { value: p, note: p.toFixed(2) };
      return { text: vocabulary[char]!, ...odds };
    }),
  );
