/** The corpus made of the book's chapters, and what the language model makes of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CORPUS_FILE, corpusText, plainSentences } from '../../src/content/corpus.ts';
import {
  continueText,
  countOdds,
  lastOf,
  loadSentences,
  perplexity,
  readSentences,
} from '../../src/datasets/sentences.ts';
import { seededRandom } from '../../src/datasets/random.ts';
import { host } from './node-host.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('plainSentences', () => {
  it('keeps running text, with emphasis, links and terms as words', () => {
    const source =
      '---\ntitle: 无\n---\n\n**注意：**这里有[一个链接](/x/)，和<Term id="a">一个术语</Term>。\n';
    assert.deepEqual(plainSentences(source), ['注意：这里有一个链接，和一个术语。']);
  });

  it('leaves out sentences with code, formulas or recorded numbers, and keeps their neighbours', () => {
    const source =
      '公式 $x^2$ 在这一句里面。这一句没有公式也没有代码。`code` 在这一句里面。' +
      '准确率是 <Recorded id="a" metric="b" />，这句也不要。最后这一句又是好的！\n';
    assert.deepEqual(plainSentences(source), [
      '这一句没有公式也没有代码。',
      '最后这一句又是好的！',
    ]);
  });

  it('drops headings, tables, code blocks, short pieces and citations', () => {
    const source = [
      '## 标题不是一个完整的句子。',
      '| 表 | 格 |\n|---|---|\n| 表格里的字也不是句子。 | 二 |',
      '```js\n// 代码里的注释也不是句子。\n```',
      '太短。',
      '这一句有一条引用在末尾 [@someone2020]。',
      '- 列表里的一句话也算句子。',
    ].join('\n\n');
    assert.deepEqual(plainSentences(source), [
      '这一句有一条引用在末尾。',
      '列表里的一句话也算句子。',
    ]);
  });

  it('gives nothing for a chapter that cannot be parsed', () => {
    assert.deepEqual(plainSentences('这一章有一个没有关上的 <Term id="a"> 标记。'), []);
  });
});

describe('the corpus of this book', () => {
  const text = corpusText(root);
  const lines = text.trimEnd().split('\n');

  it('is the same at each reading, has no line twice and no markup', () => {
    assert.equal(corpusText(root), text);
    assert.equal(new Set(lines).size, lines.length);
    assert.deepEqual(
      lines.filter((line) => /[<>{}`$\uFFFC]|\[@|\*\*|^\s|\s\s/.test(line)),
      [],
    );
    assert.ok(lines.length > 500, `${lines.length} lines`);
    assert.ok(lines.every((line) => /[。！？][”’」』）]*$/.test(line)));
  });

  it('is what a run loads', async () => {
    assert.equal(new TextDecoder().decode(await host.load(CORPUS_FILE)), text);
    assert.deepEqual(await loadSentences(host), lines);
    const empty = { load: () => Promise.resolve(new ArrayBuffer(3)) };
    await assert.rejects(loadSentences(empty), /book\/sentences\.txt/);
  });

  it('gives a run about as many characters as it asks for, and no more', () => {
    const some = readSentences(lines, { seed: 1, context: 1, characters: 5000 });
    const ends = some.train.next.filter((char) => char === 2).length;
    const read = some.train.next.length - ends;
    assert.ok(read >= 4900 && read < 5200, `${read}`);
    const all = readSentences(lines, { seed: 1, context: 1, characters: Infinity });
    assert.deepEqual(some.vocabulary, all.vocabulary);
    assert.deepEqual(some.heldOut, all.heldOut);
  });

  it('is split so that no held-out sentence is trained on, and every window is a piece of a sentence', () => {
    const reading = readSentences(lines, { seed: 3, context: 3, characters: Infinity });
    const spell = (numbers: readonly number[]) =>
      numbers.map((number) => reading.vocabulary[number]).join('');
    const starts = ({ contexts }: typeof reading.train) =>
      contexts.flatMap((context, i) => (context.every((char) => char === 0) ? [i] : [])).length;
    assert.equal(starts(reading.train), lines.length - Math.round(lines.length / 10));
    reading.train.next.forEach((next, i) => {
      const following = reading.train.contexts[i + 1];
      if (following && next !== 2) assert.equal(following.at(-1), next);
    });
    const [first = ''] = lines;
    assert.ok([...spell(reading.encode(first))].every((c, i) => c === '□' || c === [...first][i]));
    const total = reading.unigram.reduce((sum, p) => sum + p, 0);
    assert.ok(Math.abs(total - 1) < 1e-5, `${total}`);
  });
});

describe('counting', () => {
  const lines = ['天上有云。', '地上有人。', '天上有人。'];
  const many = Array.from({ length: 40 }, (_, i) => lines[i % 3]!);
  const reading = readSentences(many, { seed: 1, context: 2, characters: Infinity });

  it('gives the share of a pair, with room for as many unseen as there are different followers', () => {
    // By hand: after 上 comes 有 and nothing else, n times of n, with one imaginary follower shared out.
    const { byPairs } = countOdds(reading);
    const [up, have] = reading.encode('上有') as [number, number];
    const at = reading.heldOut.next.findIndex(
      (next, i) => next === have && reading.heldOut.contexts[i]!.at(-1) === up,
    );
    const n = reading.train.next.filter((_, i) => reading.train.contexts[i]!.at(-1) === up).length;
    const expected = (n + reading.unigram[have]!) / (n + 1);
    assert.ok(Math.abs(byPairs[at]! - expected) < 1e-6);
  });

  it('is a distribution: over all followers of a character the odds add up to one', () => {
    const { vocabulary, encode } = reading;
    const context = encode('上有').slice(0, 2);
    const all = vocabulary.map((_, char) => char);
    const heldOut = { contexts: all.map(() => context), next: all };
    const { byPairs } = countOdds({ ...reading, heldOut });
    assert.ok(Math.abs(byPairs.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
  });

  it('has the perplexity n when n characters are equally likely', () => {
    assert.ok(Math.abs(perplexity([0.25, 0.25, 0.25]) - 4) < 1e-12);
    assert.ok(Math.abs(perplexity([0.5, 0.125]) - 4) < 1e-12);
  });
});

describe('continueText', () => {
  it('fills a short context up, never draws a stand-in, begins anew after the end of a sentence', async () => {
    assert.deepEqual(lastOf([7], 3), [0, 0, 7]);
    assert.deepEqual(lastOf([1, 2, 3, 4], 2), [3, 4]);
    const seen: number[][] = [];
    const drawn = await continueText(
      [5],
      (context) => {
        seen.push(context);
        return Promise.resolve(seen.length === 4 ? [0.5, 0.4, 0.1, 0] : [0.9, 0.05, 0, 0.05]);
      },
      { context: 2, temperature: 1, random: seededRandom(1) },
    );
    assert.equal(drawn.length, 30);
    assert.deepEqual(
      drawn.slice(0, 6).map(({ char }) => char),
      [3, 3, 3, 2, 3, 3],
    );
    assert.deepEqual(seen.slice(0, 7), [
      [0, 5],
      [5, 3],
      [3, 3],
      [3, 3],
      [0, 0],
      [0, 3],
      [3, 3],
    ]);
  });

  it('draws by p to the power of 1 / temperature', async () => {
    const random = seededRandom(4);
    const share = async (temperature: number) => {
      let count = 0;
      for (let i = 0; i < 200; i++) {
        const drawn = await continueText([], () => Promise.resolve([0, 0, 0.8, 0.2]), {
          ...{ context: 1, temperature, random },
        });
        count += drawn.filter(({ char }) => char === 3).length;
      }
      return count / 6000;
    };
    assert.ok(Math.abs((await share(1)) - 0.2) < 0.025);
    assert.ok(Math.abs((await share(0.5)) - 0.04 / 0.68) < 0.025);
  });
});
