/**
 * `tf.layers.lstm`, `gru` and `simpleRNN` that run a sequence as one kernel where the backend has one. Knows no backend.
 */
import {
  customGrad,
  engine,
  serialization,
  slice,
  squeeze,
  tidy,
  zeros,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
// Fills the map of classes.
import '@tensorflow/tfjs-layers';
import type { layers, RNN } from '@tensorflow/tfjs-layers';
import { hasFused } from './run.ts';

/** What a sequence is computed from; shapes as in the contracts. `states`: h before the first step, for `Lstm` also c. */
export interface SequenceInputs {
  readonly x: Tensor;
  readonly kernel: Tensor;
  readonly recurrentKernel: Tensor;
  readonly bias?: Tensor;
  readonly states: readonly Tensor[];
}
export type SequenceKernel = 'Lstm' | 'Gru' | 'SimpleRnn';

/** The states before the first step and after each, [states, b, t + 1, u], with their gradient by every input. */
export function sequenceStates(
  name: SequenceKernel,
  { x, kernel, recurrentKernel, bias, states: [h0, c0] }: SequenceInputs,
  attrs: { readonly backwards: boolean },
): Tensor {
  const weights = { x, kernel, recurrentKernel };
  const starts = { h0: h0!, ...(c0 ? { c0 } : {}) };
  const inputs: NamedTensorMap = { ...weights, ...starts, ...(bias ? { bias } : {}) };
  const run = customGrad((...args) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void;
    const outputs = engine().runKernel<Tensor[]>(name, inputs, attrs);
    save([x, kernel, recurrentKernel, ...outputs]);
    return {
      value: outputs[0]!,
      gradFunc: (dStates: Tensor, saved: Tensor[]) => {
        const [x, kernel, recurrentKernel, states, gates] = saved as [
          ...[Tensor, Tensor, Tensor, Tensor],
          gates?: Tensor,
        ];
        const taken = { x, kernel, recurrentKernel, states, ...(gates ? { gates } : {}) };
        return engine().runKernel<Tensor[]>(
          `${name}Grad`,
          { dStates, ...taken },
          { ...attrs, bias: bias !== undefined },
        );
      },
    };
  });
  return run(...Object.values(inputs));
}

/** What a stock cell keeps for itself and this file reads: the versions are pinned, a test holds it. */
interface Cell {
  readonly kernel: { read(): Tensor };
  readonly recurrentKernel: { read(): Tensor };
  readonly bias: { read(): Tensor } | null;
  readonly activation: { getClassName(): string };
  readonly recurrentActivation?: { getClassName(): string };
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly units: number;
}

/**
 * A layer that is the stock layer in everything but the way it computes: weights, names, configuration and class name are
 * its own. Masks, dropout, states kept between batches, and cells for which `attrsOf` gives nothing take the stock way,
 * step by step.
 */
function fuse<Args, Layer>(
  className: string,
  name: SequenceKernel,
  attrsOf: (cell: Cell) => Readonly<Record<string, string>> | undefined,
): (args: Args) => Layer {
  const known = serialization.SerializationMap.getMap().classNameMap[className];
  if (!known) throw new Error(`TensorFlow.js has no layer ${className}.`);
  const Stock = known[0] as unknown as (new (args: Args) => RNN) &
    serialization.SerializableConstructor<RNN>;

  class Fused extends Stock {
    override call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown>): Tensor | Tensor[] {
      const cell = this.cell as unknown as Cell;
      const [x, ...rest] = [inputs].flat() as [Tensor, ...Tensor[]];
      const attrs = attrsOf(cell);
      const training = kwargs?.['training'] === true;
      const fits =
        attrs !== undefined &&
        hasFused(name) &&
        rest.length === 0 &&
        x.dtype === 'float32' &&
        kwargs?.['mask'] == null &&
        !this.stateful &&
        !this.unroll &&
        (!training || (cell.dropout === 0 && cell.recurrentDropout === 0));
      if (!fits) return super.call(inputs, kwargs);
      return tidy(() => {
        const [batch, steps] = x.shape as [number, number];
        const { units } = cell;
        const given = kwargs?.['initialState'] as Tensor[] | undefined;
        const count = name === 'Lstm' ? 2 : 1;
        const starts = given ?? Array.from({ length: count }, () => zeros([batch, units]));
        const all = sequenceStates(
          name,
          {
            x,
            kernel: cell.kernel.read(),
            recurrentKernel: cell.recurrentKernel.read(),
            ...(cell.bias ? { bias: cell.bias.read() } : {}),
            states: starts,
          },
          { ...attrs, backwards: this.goBackwards },
        );
        const last = (part: number): Tensor =>
          squeeze(slice(all, [part, 0, steps, 0], [1, batch, 1, units]), [0, 2]);
        const output = this.returnSequences
          ? squeeze<Tensor>(slice(all, [0, 0, 1, 0], [1, batch, steps, units]), [0])
          : last(0);
        return this.returnState ? [output, ...starts.map((_, part) => last(part))] : output;
      });
    }
  }
  serialization.registerClass(Fused);
  return (args) => new Fused(args) as Layer;
}

const GATES = ['sigmoid', 'hardSigmoid'];
/** Gates that open as the kernels know it, around a tanh. */
function gated({
  activation,
  recurrentActivation,
}: Cell): { recurrentActivation: string } | undefined {
  const gate = recurrentActivation?.getClassName() ?? '';
  return activation.getClassName() === 'tanh' && GATES.includes(gate)
    ? { recurrentActivation: gate }
    : undefined;
}

const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh'];
function simple(cell: Cell): { activation: string } | undefined {
  const activation = cell.activation.getClassName();
  return ACTIVATIONS.includes(activation) ? { activation } : undefined;
}

type Name = 'lstm' | 'gru' | 'simpleRNN';
type Make<K extends Name> = (typeof layers)[K];
type Args<K extends Name> = Parameters<Make<K>>[0];
type Layer<K extends Name> = ReturnType<Make<K>>;

/** As `tf.layers.lstm`. */
export const lstm: Make<'lstm'> = fuse<Args<'lstm'>, Layer<'lstm'>>('LSTM', 'Lstm', gated);
/** As `tf.layers.gru`. */
export const gru: Make<'gru'> = fuse<Args<'gru'>, Layer<'gru'>>('GRU', 'Gru', gated);
/** As `tf.layers.simpleRNN`. */
export const simpleRNN: Make<'simpleRNN'> = fuse<Args<'simpleRNN'>, Layer<'simpleRNN'>>(
  'SimpleRNN',
  'SimpleRnn',
  simple,
);
