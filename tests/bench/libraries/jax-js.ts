/**
 * jax-js: the same five trainings, each step (loss, gradients and update) one compiled function, as its guide advises.
 * Every function owns its arguments; `.ref` keeps one for a second use.
 */
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { GPT, LAYER_NORM_EPSILON } from '../workloads/transformer.ts';
import { CNN_FILTERS } from '../workloads/cnn.ts';
import { LSTM } from '../workloads/lstm.ts';
import { ADAM, type Inputs, type Weights, type Workload } from '../workloads/workload.ts';
import { serve } from './serve.ts';

type Value = np.Array;
/** Loss of a batch; owns all three. */
type Cost = (weights: Value[], x: Value, y: Value) => Value;

const toArray = ({ shape, values }: Weights): Value =>
  np.array(values.slice(), { shape: [...shape], dtype: np.float32 });
const indices = ({ shape, values }: Weights): Value =>
  np.array(Int32Array.from(values), { shape: [...shape], dtype: np.int32 });

/** Mean over the rows of −Σ y log softmax(logits). */
const crossEntropy = (logits: Value, y: Value): Value => {
  const rows = logits.shape[0] ?? 1;
  return nn
    .logSoftmax(logits, -1)
    .mul(y)
    .sum()
    .mul(-1 / rows);
};

const linear: Cost = (weights, x, y) => {
  const [w, b] = weights as [Value, Value];
  return np.mean(np.square(np.matmul(x, w).add(b).sub(y)));
};

const mlp: Cost = (weights, x, y) => {
  const [w1, b1, w2, b2] = weights as [Value, Value, Value, Value];
  const hidden = nn.relu(np.matmul(x, w1).add(b1));
  return crossEntropy(np.matmul(hidden, w2).add(b2), y);
};

const cnn: Cost = (weights, x, y) => {
  const dense = weights.slice(2 * CNN_FILTERS.length) as [Value, Value, Value, Value];
  const batch = x.shape[0] ?? 0;
  CNN_FILTERS.forEach((filter, i) => {
    const [weight, bias] = weights.slice(2 * i) as [Value, Value];
    x = nn.relu(lax.conv(x, weight, [1, 1], 'VALID').add(bias.reshape([1, filter[3], 1, 1])));
    if (i < 2) x = lax.reduceWindow(x, (window) => np.max(window), [2, 2], [2, 2]);
  });
  const flat = np.transpose(x, [0, 2, 3, 1]).reshape([batch, -1]);
  const [w1, b1, w2, b2] = dense;
  const hidden = nn.relu(np.matmul(flat, w1).add(b1));
  return crossEntropy(np.matmul(hidden, w2).add(b2), y);
};

const lstm: Cost = (weights, x, y) => {
  const { vocabulary, length, embedding, units } = LSTM;
  const [words, kernel, recurrent, bias, w, b] = weights as [
    Value,
    Value,
    Value,
    Value,
    Value,
    Value,
  ];
  const batch = x.shape[0] ?? 0;
  // Its gather has no gradient: a row is picked by a product with a one-hot row.
  const picked = nn.oneHot(x.reshape([batch * length]), vocabulary);
  const embedded = np.matmul(picked.astype(np.float32), words).reshape([batch * length, embedding]);
  const inputs = np
    .matmul(embedded, kernel)
    .add(bias)
    .reshape([batch, length, 4 * units]);
  let h = np.zeros([batch, units]);
  let c = np.zeros([batch, units]);
  for (let t = 0; t < length; t++) {
    const gates = inputs.ref.slice([], t).add(np.matmul(h, recurrent.ref));
    const gate = (index: number) => gates.ref.slice([], [index * units, (index + 1) * units]);
    const [input, forget] = [nn.sigmoid(gate(0)), nn.sigmoid(gate(1))];
    c = forget.mul(c).add(input.mul(np.tanh(gate(2))));
    h = nn.sigmoid(gate(3)).mul(np.tanh(c.ref));
    gates.dispose();
  }
  for (const used of [inputs, recurrent, c]) used.dispose();
  const z = np.matmul(h, w).add(b);
  // max(z, 0) − z y + log(1 + e^−|z|)
  const positive = nn.relu(z.ref);
  const softened = np.log1p(np.exp(np.absolute(z.ref).mul(-1)));
  return np.mean(positive.sub(z.mul(y)).add(softened));
};

const transformer: Cost = (weights, x, y) => {
  const { vocabulary, length, width, heads, blocks } = GPT;
  const batch = x.shape[0] ?? 0;
  const rows = batch * length;
  let next = 0;
  const weight = (): Value => {
    const found = weights[next++];
    if (!found) throw new Error('fewer weights than the network uses');
    return found;
  };
  const norm = (value: Value, scale: Value, shift: Value): Value => {
    const mean = np.mean(value.ref, -1, { keepdims: true });
    const centered = value.sub(mean);
    const variance = np.mean(np.square(centered.ref), -1, { keepdims: true });
    const deviation = np.sqrt(variance.add(LAYER_NORM_EPSILON));
    return centered.div(deviation).mul(scale).add(shift);
  };
  const mask = np
    .tril(np.ones([length, length]))
    .sub(1)
    .mul(1e9);
  const picked = nn.oneHot(x.reshape([rows]), vocabulary).astype(np.float32);
  let state = np.matmul(picked, weight()).reshape([batch, length, width]).add(weight());
  for (let block = 0; block < blocks; block++) {
    const [scale1, shift1, toQkv] = [weight(), weight(), weight()];
    const [project, projectBias] = [weight(), weight()];
    const qkv = np.matmul(norm(state.ref, scale1, shift1).reshape([rows, width]), toQkv);
    const part = (index: number) =>
      np.transpose(
        qkv.ref
          .slice([], [index * width, (index + 1) * width])
          .reshape([batch, length, heads, width / heads]),
        [0, 2, 1, 3],
      );
    const [q, k, v] = [part(0), part(1), part(2)];
    qkv.dispose();
    const scores = np
      .matmul(q, np.transpose(k, [0, 1, 3, 2]))
      .mul(Math.sqrt(heads / width))
      .add(mask.ref);
    const attended = np
      .transpose(np.matmul(nn.softmax(scores, -1), v), [0, 2, 1, 3])
      .reshape([rows, width]);
    const added = np.matmul(attended, project).add(projectBias).reshape([batch, length, width]);
    state = state.add(added);
    const [scale2, shift2, w1, b1] = [weight(), weight(), weight(), weight()];
    const [w2, b2] = [weight(), weight()];
    const normal = norm(state.ref, scale2, shift2).reshape([rows, width]);
    const hidden = nn.relu(np.matmul(normal, w1).add(b1));
    state = state.add(np.matmul(hidden, w2).add(b2).reshape([batch, length, width]));
  }
  mask.dispose();
  const [scale, shift] = [weight(), weight()];
  const logits = np.matmul(norm(state, scale, shift).reshape([rows, width]), weight());
  return crossEntropy(logits, y.reshape([rows, vocabulary]));
};

const COSTS: Readonly<Record<Workload['id'], Cost>> = { linear, mlp, cnn, lstm, transformer };

/** Pictures and filters as jax-js wants them: channels before height and width, outputs first. */
function channelsFirst({ shape, values }: Weights, order: readonly number[]): Value {
  return np.transpose(toArray({ shape, values }), [...order]);
}

function prepare(id: Workload['id'], inputs: Inputs) {
  const weights = inputs.weights.map((value) =>
    id === 'cnn' && value.shape.length === 4 ? channelsFirst(value, [3, 2, 0, 1]) : toArray(value),
  );
  const ids = id === 'lstm' || id === 'transformer';
  const batches = inputs.batches.map(({ x, y }) => ({
    x: ids ? indices(x) : id === 'cnn' ? channelsFirst(x, [0, 3, 1, 2]) : toArray(x),
    y: toArray(y),
  }));
  return { weights, batches };
}

serve({
  open: async (backend) => {
    if (backend === 'cpu') throw new Error('its cpu device is an interpreter for debugging');
    const devices = await init(backend);
    if (!devices.includes(backend)) throw new Error('the device does not start');
    defaultDevice(backend);
    // It starts one worker a core where memory can be shared, and says no count.
    return backend === 'wasm'
      ? { threads: self.crossOriginIsolated ? navigator.hardwareConcurrency : 1 }
      : {};
  },
  train: ({ id }, inputs) => {
    const { weights, batches } = prepare(id, inputs);
    const rate = inputs.learningRate;
    const { beta1, beta2, epsilon } = ADAM;
    const sgd = id === 'linear';
    const cost = COSTS[id];
    const zeros = () => (sgd ? [] : weights.map(({ shape }) => np.zeros([...shape])));
    let state: [loss: Value, weights: Value[], first: Value[], second: Value[]] = [
      np.array(0),
      weights,
      zeros(),
      zeros(),
    ];
    const step = jit(
      (
        old: Value[],
        first: Value[],
        second: Value[],
        correction1: Value,
        correction2: Value,
        x: Value,
        y: Value,
      ): typeof state => {
        const [loss, gradients] = valueAndGrad(cost)(
          old.map((weight) => weight.ref),
          x,
          y,
        ) as [Value, Value[]];
        if (sgd) {
          correction1.dispose();
          correction2.dispose();
          const moved = old.map((weight, i) => weight.sub((gradients[i] as Value).mul(rate)));
          return [loss, moved, [], []];
        }
        const firsts: Value[] = [];
        const seconds: Value[] = [];
        const moved = old.map((weight, i) => {
          const gradient = gradients[i] as Value;
          const m = (first[i] as Value).mul(beta1).add(gradient.ref.mul(1 - beta1));
          const v = (second[i] as Value).mul(beta2).add(np.square(gradient).mul(1 - beta2));
          firsts.push(m.ref);
          seconds.push(v.ref);
          const scale = np.sqrt(v.div(correction2.ref)).add(epsilon);
          return weight.sub(m.div(correction1.ref).div(scale).mul(rate));
        });
        correction1.dispose();
        correction2.dispose();
        return [loss, moved, firsts, seconds];
      },
    );
    let done = 0;
    return {
      step: () => {
        const batch = batches[done++ % batches.length];
        if (!batch) throw new Error('a workload without batches');
        const [loss, old, first, second] = state;
        loss.dispose();
        const corrections = [1 - beta1 ** done, 1 - beta2 ** done].map((value) => np.array(value));
        const [one, two] = corrections as [Value, Value];
        state = step(old, first, second, one, two, batch.x.ref, batch.y.ref);
      },
      loss: async () => Number((await state[0].ref.data())[0]),
      free: () => step.dispose(),
    };
  },
});
