/** `npm run new chapter|example|calculator <id>`: writes a correct skeleton, and never over an existing file. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseDocument } from 'yaml';

const root = new URL('../../', import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, root));

const example = (id: string): string => `import * as tf from '@tensorflow/tfjs';
import { defineExample } from '../contract/example.ts';
import { seededRandom } from '../datasets/random.ts';

export default defineExample({
  title: '${id}：改成一个短标题',
  summary: '用几个点拟合 y = 2x：改成一句话，说学什么、从什么数据学、要看什么。',
  techniques: ['regression'],
  params: {
    learningRate: {
      kind: 'number',
      label: '学习率',
      default: 0.1,
      min: 0.001,
      max: 1,
      step: 0.001,
      scale: 'log',
    },
  },
  metrics: { loss: { label: '损失', chart: '损失', better: 'lower' } },

  // #region data
  data(run) {
    const random = seededRandom(run.seed);
    const xs = Array.from({ length: 16 }, () => random.uniform());
    return { x: tf.tensor1d(xs), y: tf.tensor1d(xs.map((x) => 2 * x)) };
  },
  // #endregion

  // #region model
  model: () => ({ w: tf.variable(tf.scalar(0)) }),
  // #endregion

  length: () => 100,

  // #region train
  async *train(run, { x, y }, { w }) {
    const optimizer = run.own(tf.train.sgd(run.params.learningRate));
    for (let step = run.done; step < 100; step++) {
      const loss = () => x.mul(w).sub(y).square().mean() as tf.Scalar;
      yield {
        metrics: { loss: optimizer.minimize(loss, true)! },
        views: async () => [
          { kind: 'text', title: 'w', text: String((await w.data())[0]) },
        ],
      };
    }
  },
  // #endregion

  check: { steps: 100, expect: { loss: { atMost: 0.01 } } },
});
`;

const calculator = (id: string): string => `/** ${id}: 改成一句话，说它算什么、公式从哪里来。 */
import { defineCalculator } from '../contract/calculator.ts';

export default defineCalculator({
  title: '平方',
  summary: '一个数的平方：改成一句话。',
  inputs: { x: { symbol: 'x', label: '一个数', default: 3, min: -1000, max: 1000 } },
  compute({ x }) {
    const square = x * x;
    return {
      steps: [{ text: '自乘一次', tex: \`x^2 = \${x}^2 = \${square}\` }],
      results: { square: { label: '平方', value: square } },
    };
  },
});
`;

const chapter = (today: string): string => `---
title: 改成这一章的题目
description: 改成一句话，八十个汉字以内，搜索结果和卡片都用它。
kind: concepts
reviewed: ${today}
---

先写一个读者真会问的问题。

## 想法

## 记住三句话
`;

const USAGE = [
  'npm run new example <编号>                例如 npm run new example spam-filter',
  'npm run new calculator <编号>             例如 npm run new calculator softmax',
  'npm run new chapter <文件夹>/<章名>       例如 npm run new chapter startup-stories/pricing',
].join('\n');

function fail(sentence: string): never {
  console.error(`${sentence}\n\n${USAGE}`);
  process.exit(1);
}

function write(path: string, text: string): void {
  if (existsSync(at(path))) fail(`${path} 已经有了，没有动它。`);
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
  console.log(`写好了 ${path}`);
}

const [kind = '', id = ''] = process.argv.slice(2);
if (!['chapter', 'example', 'calculator'].includes(kind)) fail(`不认识 "${kind}"。`);
const pattern = kind === 'chapter' ? /^[a-z0-9-]+\/[a-z0-9-]+$/ : /^[a-z][a-z0-9-]*$/;
if (!pattern.test(id)) fail(`"${id}" 不能作编号：用小写字母、数字和连字符。`);

switch (kind) {
  case 'example':
    write(`src/examples/${id}.ts`, example(id));
    console.log(`接着：EXAMPLE=${id} node --test tests/unit/examples.test.ts，再 npm run record -- ${id}`);
    break;
  case 'calculator':
    write(`src/calculators/${id}.ts`, calculator(id));
    console.log(`接着：在 tests/unit/calculators.test.ts 里核对它的数，在章节里写 <Calculator id="${id}" />`);
    break;
  default: {
    const [folder = '', slug = ''] = id.split('/');
    const tocText = readFileSync(at('content/toc.yml'), 'utf8');
    const toc = parse(tocText) as { parts: { folder: string }[] };
    const index = toc.parts.findIndex((part) => part.folder === folder);
    const folders = toc.parts.map((part) => part.folder).join('、');
    if (index < 0) fail(`没有 ${folder} 这一部分；现有：${folders}。`);
    write(`content/chapters/${id}.mdx`, chapter(new Date().toISOString().slice(0, 10)));
    const document = parseDocument(tocText);
    document.addIn(['parts', index, 'chapters'], slug);
    writeFileSync(at('content/toc.yml'), document.toString({ flowCollectionPadding: false }));
    console.log(`content/toc.yml 多了一行 ${slug}；用 npm run dev 边写边看`);
  }
}
