/**
 * The optimizers of TensorFlow.js, with the update of a variable as one kernel where the backend in use has it.
 * Everything else is theirs: state, names, serialization, and the composition of small operations as the way out.
 */
import {
  AdagradOptimizer,
  AdamOptimizer,
  backend,
  engine,
  fill,
  MomentumOptimizer,
  mul,
  RMSPropOptimizer,
  scalar,
  serialization,
  SGDOptimizer,
  tidy,
  train,
  zerosLike,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { FusedKernel, FusedKernels } from './contracts.ts';
import { hasFused, runFused } from './run.ts';

type Gradients = Parameters<AdamOptimizer['applyGradients']>[0];

/** One entry of an optimizer's state, as TensorFlow.js keeps it in private lists. */
interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

/** A variable and its gradient; frozen parts of a network have none. */
interface Pair {
  readonly variable: Variable;
  readonly gradient: Tensor | undefined;
}

/** In the order that the state lists follow. @returns `undefined` when this backend's kernel cannot update all. */
function pairs(kernel: FusedKernel, gradients: Gradients): Pair[] | undefined {
  if (!hasFused(kernel)) return undefined;
  const named: { name: string; tensor?: Tensor | null }[] = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  const known = engine().registeredVariables;
  const list = named.map(({ name, tensor }) => ({
    variable: known[name] as Variable,
    gradient: tensor ?? undefined,
  }));
  const fits = ({ variable, gradient }: Pair) =>
    variable.dtype === 'float32' && (gradient === undefined || gradient.dtype === 'float32');
  return list.every(fits) ? list : undefined;
}

/**
 * Gives a variable data of its own. A clone, a reshape and the tensor that it was made from share its data, and
 * must keep their values when the variable's are overwritten.
 */
function unshare(variable: Variable): Variable {
  if (backend().refCount(variable.dataId) !== 1) {
    tidy(() => variable.assign(mul(variable, 1)));
  }
  return variable;
}

/** The slot at a place of a list, made at the first use. */
function slotAt(
  list: (Slot | undefined)[],
  place: number,
  variable: Variable,
  suffix: string,
  start: (variable: Variable) => Tensor = zerosLike,
): Variable {
  const slot = (list[place] ??= {
    originalName: `${variable.name}/${suffix}`,
    variable: tidy(() => start(variable).variable(false)),
  });
  return slot.variable;
}

/** Updates each variable that has a gradient. `accumulators` is called for the others too: it makes their slots. */
function update<K extends FusedKernel>(
  kernel: K,
  list: readonly Pair[],
  attrs: FusedKernels[K]['attrs'],
  accumulators: (variable: Variable, place: number) => Readonly<Record<string, Variable>>,
): void {
  list.forEach(({ variable, gradient }, place) => {
    const slots = accumulators(variable, place);
    if (gradient === undefined) return;
    for (const own of [variable, ...Object.values(slots)]) unshare(own);
    const inputs = { variable, gradient, ...slots } as unknown as {
      readonly [I in keyof FusedKernels[K]['inputs']]: Tensor;
    };
    runFused(kernel, inputs, attrs);
  });
}

export class FusedSgd extends SGDOptimizer {
  override applyGradients(gradients: Gradients): void {
    const list = pairs('SgdUpdate', gradients);
    if (!list) return super.applyGradients(gradients);
    update('SgdUpdate', list, { learningRate: this.learningRate }, () => ({}));
    this.incrementIterations();
  }
}

interface MomentumState {
  readonly momentum: number;
  readonly useNesterov: boolean;
  readonly accumulations: Slot[];
}

export class FusedMomentum extends MomentumOptimizer {
  override applyGradients(gradients: Gradients): void {
    const list = pairs('MomentumUpdate', gradients);
    if (!list) return super.applyGradients(gradients);
    const { momentum, useNesterov, accumulations } = this as unknown as MomentumState;
    const attrs = { learningRate: this.learningRate, momentum, useNesterov };
    update('MomentumUpdate', list, attrs, (variable, place) => ({
      accumulation: slotAt(accumulations, place, variable, 'momentum'),
    }));
    this.incrementIterations();
  }

  override dispose(): void {
    super.dispose();
    // The published class forgets the scalar that its parent made.
    this.c.dispose();
  }
}

interface AdagradState {
  readonly initialAccumulatorValue: number;
  readonly accumulatedGrads: Slot[];
}

export class FusedAdagrad extends AdagradOptimizer {
  override applyGradients(gradients: Gradients): void {
    const list = pairs('AdagradUpdate', gradients);
    if (!list) return super.applyGradients(gradients);
    const { initialAccumulatorValue, accumulatedGrads } = this as unknown as AdagradState;
    const start = ({ shape }: Variable) => fill(shape, initialAccumulatorValue);
    const attrs = { learningRate: this.learningRate, epsilon: backend().epsilon() };
    update('AdagradUpdate', list, attrs, (variable, place) => ({
      accumulatedGrad: slotAt(accumulatedGrads, place, variable, 'accumulator', start),
    }));
    this.incrementIterations();
  }
}

interface RmspropState {
  readonly centered: boolean;
  readonly accumulatedMeanSquares: Slot[];
  readonly accumulatedMoments: Slot[];
  readonly accumulatedMeanGrads: Slot[];
}

export class FusedRmsprop extends RMSPropOptimizer {
  override applyGradients(gradients: Gradients): void {
    const list = pairs('RmspropUpdate', gradients);
    if (!list) return super.applyGradients(gradients);
    const state = this as unknown as RmspropState;
    const { learningRate, decay, momentum, epsilon } = this;
    const attrs = { learningRate, decay, momentum, epsilon, centered: state.centered };
    update('RmspropUpdate', list, attrs, (variable, place) => ({
      meanSquare: slotAt(state.accumulatedMeanSquares, place, variable, 'rms'),
      moment: slotAt(state.accumulatedMoments, place, variable, 'momentum'),
      ...(state.centered && {
        meanGradient: slotAt(state.accumulatedMeanGrads, place, variable, 'mg'),
      }),
    }));
    this.incrementIterations();
  }
}

interface AdamState {
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  readonly accumulatedFirstMoment: Slot[];
  readonly accumulatedSecondMoment: Slot[];
}

export class FusedAdam extends AdamOptimizer {
  /** The step that the powers of β of the published class stand for. A plain field, so that checkpoints carry it. */
  private powersAt = 0;

  override applyGradients(gradients: Gradients): void {
    const list = pairs('AdamUpdate', gradients);
    const state = this as unknown as AdamState;
    if (!list) {
      if (this.powersAt !== this.iterations) this.#catchUp(state);
      super.applyGradients(gradients);
      this.powersAt = this.iterations;
      return;
    }
    const { accumulatedFirstMoment, accumulatedSecondMoment } = state;
    const { learningRate, beta1, beta2, epsilon } = this;
    // From the count alone, so that a run resumed from a checkpoint goes on identically. The published class
    // multiplies powers of the float32 β together.
    const t = this.iterations + 1;
    const correction1 = 1 - Math.fround(beta1) ** t;
    const correction2 = 1 - Math.fround(beta2) ** t;
    const attrs = { learningRate, beta1, beta2, epsilon, correction1, correction2 };
    update('AdamUpdate', list, attrs, (variable, place) => ({
      firstMoment: slotAt(accumulatedFirstMoment, place, variable, 'm'),
      secondMoment: slotAt(accumulatedSecondMoment, place, variable, 'v'),
    }));
    this.incrementIterations();
  }

  #catchUp({ accBeta1, accBeta2 }: AdamState): void {
    tidy(() => {
      accBeta1.assign(scalar(this.beta1 ** (this.iterations + 1)));
      accBeta2.assign(scalar(this.beta2 ** (this.iterations + 1)));
    });
  }
}

/** Makes `train` give these, by name and by `compile({ optimizer: 'adam' })`, and models load with them. */
export function installOptimizers(): void {
  const stock: typeof train = train;
  stock.sgd = (learningRate) => new FusedSgd(learningRate);
  stock.momentum = (learningRate, momentum, useNesterov = false) =>
    new FusedMomentum(learningRate, momentum, useNesterov);
  stock.adagrad = (learningRate, initialAccumulatorValue = 0.1) =>
    new FusedAdagrad(learningRate, initialAccumulatorValue);
  stock.rmsprop = (learningRate, decay, momentum, epsilon, centered) =>
    new FusedRmsprop(learningRate, decay, momentum, epsilon, centered);
  stock.adam = (learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon) =>
    new FusedAdam(learningRate, beta1, beta2, epsilon);
  for (const optimizer of [FusedSgd, FusedMomentum, FusedAdagrad, FusedRmsprop, FusedAdam]) {
    serialization.registerClass(optimizer);
  }
}
