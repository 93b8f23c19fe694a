/** ConvNetJS: its nets and its gradients, and Adam written out, which its trainer does not have. One example at a time. */
import convnetjs from 'convnetjs';
import { MLP_HIDDEN } from '../workloads/mlp.ts';
import { ADAM, type Inputs, type Session, type Workload } from '../workloads/workload.ts';
import { serve } from './serve.ts';

const softmax = { type: 'softmax', num_classes: 10 };
const dense = (num_neurons: number) => ({ type: 'fc', num_neurons, activation: 'relu' });
const conv = (filters: number) => [
  { type: 'conv', sx: 3, filters, stride: 1, pad: 0, activation: 'relu' },
];
const pool = { type: 'pool', sx: 2, stride: 2 };
const input = (side: number, depth: number) => ({
  type: 'input',
  out_sx: side,
  out_sy: side,
  out_depth: depth,
});

const NETS: Partial<Record<Workload['id'], readonly object[]>> = {
  mlp: [input(1, 64), dense(MLP_HIDDEN), softmax],
  cnn: [input(32, 3), ...conv(32), pool, ...conv(64), pool, ...conv(64), dense(64), softmax],
};

/** Writes a matrix `[inputs, outputs]` or filters `[h, w, channels, outputs]` to one list of numbers an output. */
function spread(values: Float32Array, lists: readonly convnetjs.ParamsAndGrads[]): void {
  for (const [output, { params }] of lists.entries()) {
    for (let i = 0; i < params.length; i++) params[i] = values[i * lists.length + output] ?? NaN;
  }
}

function train({ id }: Workload, inputs: Inputs): Session {
  const definition = NETS[id];
  if (!definition) throw new Error('ConvNetJS has no layers for this');
  const net = new convnetjs.Net();
  net.makeLayers(definition);
  // Of each layer with weights: one list for each output, then the biases.
  const lists = net.getParamsAndGrads();
  let at = 0;
  for (let i = 0; i < inputs.weights.length; i += 2) {
    const [matrix, bias] = [inputs.weights[i], inputs.weights[i + 1]];
    if (!matrix || !bias) throw new Error('a matrix without its biases');
    const outputs = bias.values.length;
    spread(matrix.values, lists.slice(at, at + outputs));
    lists[at + outputs]?.params.set(bias.values);
    at += outputs + 1;
  }
  const moments = lists.map(({ params }) => ({
    first: new Float64Array(params.length),
    second: new Float64Array(params.length),
  }));
  const batches = inputs.batches.map(({ x, y }) => {
    const [count = 0, side = 1, , depth = side] = x.shape;
    const flat = x.shape.length === 2;
    const size = x.values.length / count;
    const classes = y.values.length / count;
    return Array.from({ length: count }, (_, row) => {
      const vol = new convnetjs.Vol(flat ? 1 : side, flat ? 1 : side, depth, 0);
      vol.w.set(x.values.subarray(row * size, (row + 1) * size));
      return { vol, label: y.values.subarray(row * classes, (row + 1) * classes).indexOf(1) };
    });
  });
  const { beta1, beta2, epsilon } = ADAM;
  let done = 0;
  let mean = NaN;
  return {
    step: () => {
      const batch = batches[done++ % batches.length] ?? [];
      let sum = 0;
      for (const { vol, label } of batch) {
        net.forward(vol, true);
        sum += net.backward(label);
      }
      mean = sum / batch.length;
      const [correction1, correction2] = [1 - beta1 ** done, 1 - beta2 ** done];
      for (const [list, { params, grads }] of lists.entries()) {
        const moment = moments[list];
        if (!moment) continue;
        const { first, second } = moment;
        for (let i = 0; i < params.length; i++) {
          const gradient = (grads[i] as number) / batch.length;
          const m = beta1 * (first[i] as number) + (1 - beta1) * gradient;
          const v = beta2 * (second[i] as number) + (1 - beta2) * gradient * gradient;
          first[i] = m;
          second[i] = v;
          const step = m / correction1 / (Math.sqrt(v / correction2) + epsilon);
          params[i] = (params[i] as number) - inputs.learningRate * step;
          grads[i] = 0;
        }
      }
    },
    loss: async () => mean,
    free: () => undefined,
  };
}

serve({ open: async () => ({}), train });
