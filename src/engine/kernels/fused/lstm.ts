/** `tf.layers.lstm` that runs a sequence as one kernel where the backend has one. Knows no backend. */
import {
  customGrad,
  serialization,
  slice,
  squeeze,
  tidy,
  zeros,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
// Fills the map of classes.
import '@tensorflow/tfjs-layers';
import type { layers } from '@tensorflow/tfjs-layers';
import type { GateActivation } from './contracts.ts';
import { hasFused, runFused } from './run.ts';

/** What a sequence is computed from; shapes as in the contract. */
export interface LstmInputs {
  readonly x: Tensor;
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias?: Tensor;
  readonly h0: Tensor;
  readonly c0: Tensor;
}

/** h and c before the first step and after each, [2, b, t + 1, u], with their gradient by every input. */
export function lstmStates(
  inputs: LstmInputs,
  recurrentActivation: GateActivation,
  backwards: boolean,
): Tensor {
  const { x, kernel, recurrentKernel, bias, h0, c0 } = inputs;
  const attrs = { recurrentActivation, backwards };
  const given = [x, kernel, recurrentKernel, h0, c0, ...(bias ? [bias] : [])];
  const run = customGrad((...args) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void;
    const [states, gates] = runFused('Lstm', { ...inputs }, attrs) as [Tensor, Tensor];
    save([states, gates, x, kernel, recurrentKernel]);
    return {
      value: states,
      gradFunc: (dStates: Tensor, saved: Tensor[]) => {
        const [states, gates, x, kernel, recurrentKernel] = saved as Five;
        return runFused(
          'LstmGrad',
          { dStates, states, gates, x, kernel, recurrentKernel },
          { ...attrs, bias: bias !== undefined },
        );
      },
    };
  });
  return run(...given);
}
type Five = [Tensor, Tensor, Tensor, Tensor, Tensor];

type LstmArgs = Parameters<typeof layers.lstm>[0];
type LstmLayer = ReturnType<typeof layers.lstm>;

/** What the stock layer keeps for itself and this file reads: the versions are pinned, a test holds it. */
interface Cell {
  readonly kernel: { read(): Tensor };
  readonly recurrentKernel: { read(): Tensor };
  readonly bias: { read(): Tensor } | null;
  readonly activation: { getClassName(): string };
  readonly recurrentActivation: { getClassName(): string };
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly units: number;
}

const known = serialization.SerializationMap.getMap().classNameMap['LSTM'];
if (!known) throw new Error('TensorFlow.js has no layer LSTM.');
const Stock = known[0] as unknown as (new (args: LstmArgs) => LstmLayer) &
  serialization.SerializableConstructor<LstmLayer>;

/**
 * The stock layer in everything but the way it computes: weights, names, configuration and class name are its own. Masks,
 * dropout, other activations and states kept between batches take the stock way, step by step.
 */
class Lstm extends Stock {
  override call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown>): Tensor | Tensor[] {
    const cell = (this as unknown as { cell: Cell }).cell;
    const [x, ...rest] = [inputs].flat() as [Tensor, ...Tensor[]];
    const activation = cell.recurrentActivation.getClassName();
    const training = kwargs?.['training'] === true;
    const fits =
      hasFused('Lstm') &&
      rest.length === 0 &&
      x.dtype === 'float32' &&
      kwargs?.['mask'] == null &&
      !this.stateful &&
      !this.unroll &&
      cell.activation.getClassName() === 'tanh' &&
      (activation === 'sigmoid' || activation === 'hardSigmoid') &&
      (!training || (cell.dropout === 0 && cell.recurrentDropout === 0));
    if (!fits) return super.call(inputs, kwargs);
    return tidy(() => {
      const [batch, steps] = x.shape as [number, number];
      const { units } = cell;
      const initial = kwargs?.['initialState'] as Tensor[] | undefined;
      const [h0, c0] = initial ?? [zeros([batch, units]), zeros([batch, units])];
      const states = lstmStates(
        {
          x,
          kernel: cell.kernel.read(),
          recurrentKernel: cell.recurrentKernel.read(),
          ...(cell.bias ? { bias: cell.bias.read() } : {}),
          h0: h0!,
          c0: c0!,
        },
        activation,
        this.goBackwards,
      );
      const last = (part: 0 | 1): Tensor =>
        squeeze<Tensor2D>(slice(states, [part, 0, steps, 0], [1, batch, 1, units]), [0, 2]);
      const output = this.returnSequences
        ? squeeze<Tensor>(slice(states, [0, 0, 1, 0], [1, batch, steps, units]), [0])
        : last(0);
      return this.returnState ? [output, last(0), last(1)] : output;
    });
  }
}
serialization.registerClass(Lstm);

/** As `tf.layers.lstm`. */
export const lstm = (args: LstmArgs): LstmLayer => new Lstm(args);
