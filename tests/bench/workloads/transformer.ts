/**
 * A causal Transformer: 2 blocks, width 64, 4 heads, 64 tokens of 64 kinds, batches of 8, layer norm before each part,
 * Adam; written in core operations.
 */
import type { Tensor } from '@tensorflow/tfjs';
import {
  adam,
  draws,
  minimizing,
  oneHot,
  variables,
  type Inputs,
  type Workload,
} from './workload.ts';

/** Kinds of tokens, tokens in a row, width, heads, blocks, width inside the feed-forward part. */
export const GPT = {
  vocabulary: 64,
  length: 64,
  width: 64,
  heads: 4,
  blocks: 2,
  inner: 256,
} as const;
export const LAYER_NORM_EPSILON = 1e-5;
const { vocabulary, length, width, heads, blocks, inner } = GPT;

/** Weights of one block, in this order: two norms (scale, shift), query-key-value, projection, two dense layers. */
export const BLOCK_SHAPES: readonly (readonly number[])[] = [
  [width],
  [width],
  [width, 3 * width],
  [width, width],
  [width],
  [width],
  [width],
  [width, inner],
  [inner],
  [inner, width],
  [width],
];
/** Which of them scale a normalized row, and so start at one. */
const SCALES: readonly number[] = [0, 5];

function start(batch: number): Inputs {
  const { glorot, full, normals, integers } = draws(5);
  const block = () =>
    BLOCK_SHAPES.map((shape, index) =>
      shape.length === 2 ? glorot(shape) : full(shape, SCALES.includes(index) ? 1 : 0),
    );
  const weights = [
    normals([vocabulary, width], 0.05),
    normals([length, width], 0.05),
    ...Array.from({ length: blocks }, block).flat(),
    full([width], 1),
    full([width], 0),
    glorot([width, vocabulary]),
  ];
  const batches = Array.from({ length: 4 }, () => {
    const row = integers([batch, length + 1], vocabulary).values;
    const cut = (from: number) => ({
      shape: [batch, length],
      values: row.filter((_, i) => {
        const at = i % (length + 1);
        return at >= from && at < from + length;
      }),
    });
    return { x: cut(0), y: oneHot(cut(1), vocabulary) };
  });
  return { weights, batches, learningRate: 0.0003 };
}

export const transformer: Workload = {
  id: 'transformer',
  unit: 'example',
  perStep: 8,
  inputs: (_host, batch = 8) => start(batch),
  train: (tf, inputs) => {
    const { all, free } = variables(tf, inputs);
    // −∞ above the diagonal: a token sees only what stands before it.
    const mask = tf.tidy(() => {
      const below = tf.linalg.bandPart(tf.ones([length, length]), -1, 0);
      return tf.sub(1, below).mul(-1e9);
    });
    const norm = (x: Tensor, scale: Tensor, shift: Tensor): Tensor => {
      const centered = x.sub(x.mean(-1, true));
      const variance = centered.square().mean(-1, true);
      return centered.mul(variance.add(LAYER_NORM_EPSILON).rsqrt()).mul(scale).add(shift);
    };
    const cost = (ids: Tensor, y: Tensor): Tensor => {
      const batch = ids.shape[0] ?? 0;
      const rows = batch * length;
      let next = 0;
      const weight = (): Tensor => {
        const found = all[next++];
        if (!found) throw new Error('fewer weights than the network uses');
        return found;
      };
      const embedded = tf.gather(weight(), ids.flatten().toInt()).reshape([batch, length, width]);
      let x = embedded.add(weight());
      for (let block = 0; block < blocks; block++) {
        const [scale1, shift1, toQkv, project] = [weight(), weight(), weight(), weight()];
        const qkv = norm(x, scale1, shift1).reshape([rows, width]).matMul(toQkv);
        const [q, k, v] = tf
          .split(qkv, 3, 1)
          .map((part) =>
            part.reshape([batch, length, heads, width / heads]).transpose([0, 2, 1, 3]),
          ) as [Tensor, Tensor, Tensor];
        const scores = q
          .matMul(k, false, true)
          .mul(Math.sqrt(heads / width))
          .add(mask);
        const attended = scores.softmax().matMul(v).transpose([0, 2, 1, 3]).reshape([rows, width]);
        x = x.add(attended.matMul(project).add(weight()).reshape([batch, length, width]));
        const [scale2, shift2, w1, b1, w2, b2] = [
          weight(),
          weight(),
          weight(),
          weight(),
          weight(),
          weight(),
        ];
        const hidden = norm(x, scale2, shift2).reshape([rows, width]).matMul(w1).add(b1).relu();
        x = x.add(hidden.matMul(w2).add(b2).reshape([batch, length, width]));
      }
      const last = norm(x, weight(), weight()).reshape([rows, width]);
      const logits = last.matMul(weight());
      return tf.losses.softmaxCrossEntropy(y.reshape([rows, vocabulary]), logits);
    };
    return minimizing(tf, inputs, adam(tf, inputs), cost, {
      ids: true,
      free: () => {
        mask.dispose();
        free();
      },
    });
  },
};
