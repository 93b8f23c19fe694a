/** Copies what a run has learned out of tensors, and puts it back bit for bit. Knows no run, no worker and no storage. */
import * as tf from '@tensorflow/tfjs';
import type { SavedOptimizer, SavedTensor, Snapshot } from '../contract/checkpoint.ts';

/** What a checkpoint holds does not fit the model that is to go on from it. */
export class MismatchError extends Error {
  override name = 'MismatchError';
}

/** One accumulator of an optimizer, as TensorFlow.js keeps it: in a list, at the place of its variable. */
interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}
type Fields = Record<string, unknown>;

export const isOptimizer = (thing: object): thing is tf.Optimizer =>
  'applyGradients' in thing && typeof thing.applyGradients === 'function';

const isSlots = (value: unknown): value is Slot[] =>
  Array.isArray(value) &&
  value.every((slot: Partial<Slot> | null) => slot?.variable instanceof tf.Variable);

// Its own fields rather than `getWeights`: that lacks the running powers of Adam, which `setWeights` computes anew and
// so to other last digits, and Adamax has neither.
const numbersOf = (optimizer: tf.Optimizer): [string, number][] =>
  Object.entries(optimizer as unknown as Fields).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
const variablesOf = (optimizer: tf.Optimizer): [string, tf.Variable][] =>
  Object.entries(optimizer as unknown as Fields).filter(
    (entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable,
  );
const slotsOf = (optimizer: tf.Optimizer): [string, Slot[]][] =>
  Object.entries(optimizer as unknown as Fields).filter((entry): entry is [string, Slot[]] =>
    isSlots(entry[1]),
  );

/** Every variable that an optimizer holds. */
export const optimizerVariables = (optimizer: tf.Optimizer): tf.Variable[] => [
  ...variablesOf(optimizer).map(([, variable]) => variable),
  ...slotsOf(optimizer).flatMap(([, slots]) => slots.map(({ variable }) => variable)),
];

export type Learned = Pick<Snapshot, 'variables' | 'optimizers'>;

/** A copy in tensors, taken at one instant; reading it may take a while and disturbs nothing. */
export interface LearnedCopy {
  /** Tensors that it keeps until it is read. */
  readonly tensors: number;
  /** Reads all values and frees the copy. To be called once. */
  read(): Promise<Learned>;
}

/** Copies variables and optimizers now. Clones share data until their originals change, so this costs next to nothing. */
export function copyLearned(
  variables: readonly tf.Variable[],
  optimizers: readonly tf.Optimizer[],
): LearnedCopy {
  const copies: tf.Tensor[] = [];
  const copy = (variable: tf.Variable): (() => Promise<SavedTensor>) => {
    const clone = tf.keep(variable.clone());
    copies.push(clone);
    return () => saved(clone);
  };
  const each = variables.map(copy);
  const optimizersRead = optimizers.map((optimizer) => {
    const numbers = Object.fromEntries(numbersOf(optimizer));
    const singles = variablesOf(optimizer).map(([name, v]) => [name, copy(v)] as const);
    const lists = slotsOf(optimizer).map(
      ([name, slots]) => [name, slots.map(({ variable }) => copy(variable))] as const,
    );
    return async (): Promise<SavedOptimizer> => ({
      kind: optimizer.getClassName(),
      numbers,
      variables: Object.fromEntries(
        await Promise.all(singles.map(async ([name, read]) => [name, await read()] as const)),
      ),
      slots: Object.fromEntries(
        await Promise.all(
          lists.map(
            async ([name, reads]) =>
              [name, await Promise.all(reads.map(async (read) => read()))] as const,
          ),
        ),
      ),
    });
  });
  return {
    tensors: copies.length,
    read: async () => {
      try {
        const [read, optimizersSaved] = await Promise.all([
          Promise.all(each.map(async (one) => one())),
          Promise.all(optimizersRead.map(async (one) => one())),
        ]);
        return { variables: read, optimizers: optimizersSaved };
      } finally {
        for (const clone of copies) clone.dispose();
      }
    },
  };
}

async function saved(tensor: tf.Tensor): Promise<SavedTensor> {
  const { shape, dtype } = tensor;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new Error(`a variable of type ${dtype} cannot be saved`);
  }
  // What `data` gives may be the backend's own memory.
  return { shape, dtype, values: (await tensor.data()).slice() };
}

const described = ({ dtype, shape }: Pick<SavedTensor, 'dtype' | 'shape'>): string =>
  `${dtype}[${shape.join(', ')}]`;

/** The tensor, with values of its own: a backend may write into what it is given. */
const made = ({ values, shape, dtype }: SavedTensor): tf.Tensor =>
  tf.tensor(values.slice(), [...shape], dtype);

function put(variable: tf.Variable, from: SavedTensor, what: string): void {
  const [here, there] = [described(variable as SavedTensor & tf.Variable), described(from)];
  if (here !== there) throw new MismatchError(`${what} is ${here}, saved was ${there}`);
  tf.tidy(() => variable.assign(made(from)));
}

/** Gives variables the values they had. @throws MismatchError when they are not the same in number, shape and type. */
export function restoreVariables(
  variables: readonly tf.Variable[],
  from: readonly SavedTensor[],
): void {
  if (variables.length !== from.length) {
    throw new MismatchError(`${variables.length} variables, saved were ${from.length}`);
  }
  variables.forEach((variable, i) => put(variable, from[i] as SavedTensor, `variable ${i}`));
}

/** Gives a new optimizer the state of the saved one, accumulators included. @throws MismatchError when they differ in kind. */
export function restoreOptimizer(optimizer: tf.Optimizer, from: SavedOptimizer | undefined): void {
  const kind = optimizer.getClassName();
  if (from?.kind !== kind) {
    throw new MismatchError(`optimizer ${kind}, saved was ${from?.kind ?? 'none'}`);
  }
  const fields = optimizer as unknown as Fields;
  for (const [name, value] of Object.entries(from.numbers)) {
    if (fields[name] === value) continue;
    // SGD keeps its rate in a tensor too.
    const setter = name === 'learningRate' ? fields['setLearningRate'] : undefined;
    if (typeof setter === 'function') setter.call(optimizer, value);
    else fields[name] = value;
  }
  const singles = new Map(variablesOf(optimizer));
  for (const [name, value] of Object.entries(from.variables)) {
    const variable = singles.get(name);
    if (!variable) throw new MismatchError(`${kind} has no ${name}`);
    put(variable, value, `${kind}.${name}`);
  }
  for (const [name, list] of Object.entries(from.slots)) {
    if (!isSlots(fields[name])) throw new MismatchError(`${kind} has no ${name}`);
    fields[name] = list.map((value): Slot => ({
      originalName: name,
      variable: tf.tidy(() => tf.variable(made(value), false)),
    }));
  }
}

/** Frees what the published classes' `dispose` forgets (Momentum: its parent's rate). */
export function disposeRest(optimizer: tf.Optimizer): void {
  for (const value of Object.values(optimizer as unknown as Fields)) {
    if (value instanceof tf.Tensor && !value.isDisposed) value.dispose();
  }
}
