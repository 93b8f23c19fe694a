/**
 * Makes the engine of TensorFlow.js spend less around a kernel: small models are bound by it. Replaces a few private
 * methods (the version is pinned; kernels-engine.test.ts holds the behaviour) by ones that do the same with fewer
 * closures, look-ups and copies. Knows no kernel and no backend.
 */
import {
  DataStorage,
  engine,
  env,
  getGradient,
  getKernel,
  ones,
  Tensor,
  tensor_util,
  util,
  type GradConfig,
  type NamedAttrMap,
  type NamedTensorMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

type Tracked = Tensor & { kept: boolean; scopeId: number };
interface Scope {
  readonly id: number;
  readonly track: Tracked[];
}
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: NamedTensorMap;
  readonly outputs: readonly Tensor[];
  readonly saved: readonly Tensor[];
  readonly gradient?: (dys: (Tensor | null)[]) => Record<string, () => Tensor>;
}
interface Gradients {
  readonly value: Tensor;
  readonly grads: (Tensor | undefined)[];
}

/** What the methods below use of the engine. */
interface Inside {
  readonly state: {
    readonly gradientDepth: number;
    kernelDepth: number;
    readonly profiling: boolean;
    readonly scopeStack: Scope[];
    activeScope: Scope | null;
    activeTape: TapeNode[] | null;
    readonly numDataBuffers: number;
    tensorInfo: object;
  };
  readonly backendName: string | undefined;
  readonly backend: { incRef(dataId: object): void };
  runKernel: (
    this: Inside,
    name: string,
    inputs: NamedTensorMap,
    attrs?: NamedAttrMap,
  ) => Tensor | Tensor[];
  makeTensorFromTensorInfo(info: TensorInfo): Tensor;
  getTensorsForGradient(name: string, inputs: NamedTensorMap, outputs: Tensor[]): Tensor[];
  saveTensorsForBackwardMode: (this: Inside, tensors: Tensor[]) => Tensor[];
  addTapeNode(
    name: string,
    inputs: NamedTensorMap,
    outputs: Tensor[],
    gradient: null,
    saved: Tensor[],
    attrs?: NamedAttrMap,
  ): void;
  startTape(): void;
  endTape(): void;
  track(tensor: Tensor): void;
  tidy<T>(name: string | (() => T), f?: () => T): T;
  endScope(result?: unknown): void;
  gradients: (
    this: Inside,
    f: () => Tensor,
    xs: readonly Tensor[],
    dy?: Tensor | null,
    allowNoGradients?: boolean,
  ) => Gradients;
}
type Published = Pick<Inside, 'runKernel' | 'saveTensorsForBackwardMode' | 'gradients'>;

/** Tensors in a result, without the bookkeeping that only a nested one needs. */
function tensorsIn(result: unknown): readonly Tracked[] {
  if (result == null || typeof result !== 'object') return [];
  if (result instanceof Tensor) return [result as Tracked];
  const found: Tracked[] = [];
  for (const part of Array.isArray(result) ? (result as unknown[]) : Object.values(result)) {
    if (part == null || typeof part !== 'object') continue;
    if (!(part instanceof Tensor)) {
      return tensor_util.getTensorsInContainer(result as never);
    }
    found.push(part as Tracked);
  }
  return found;
}

/** Each node that depends on `xs`, with the names of the inputs that do, in the order of the tape. */
function dependents(tape: readonly TapeNode[], xs: readonly Tensor[]) {
  const reached = new Set(xs.map(({ id }) => id));
  const nodes: { node: TapeNode; names: string[] }[] = [];
  for (const node of tape) {
    const names: string[] = [];
    for (const name in node.inputs) {
      const input = node.inputs[name] as Tensor | null | undefined;
      if (input != null && reached.has(input.id)) names.push(name);
    }
    if (names.length === 0) continue;
    for (const { id } of node.outputs) reached.add(id);
    nodes.push({ node, names });
  }
  return nodes;
}

function check(kernelName: string, name: string, dx: Tensor, x: Tensor): void {
  const where = `Error in gradient for op ${kernelName}. The gradient of input '${name}'`;
  if (dx.dtype !== 'float32') {
    throw new Error(`${where} must have 'float32' dtype, but has '${dx.dtype}'`);
  }
  if (!util.arraysEqual(dx.shape, x.shape)) {
    throw new Error(`${where} has shape '${dx.shape.join()}', not the input's '${x.shape.join()}'`);
  }
}

/** Kernels whose gradient reads nothing but the shapes of what is saved for it. */
const SHAPES_ONLY = new Set([
  'Add',
  'Sub',
  'Sum',
  'Mean',
  'Reshape',
  'ExpandDims',
  'Slice',
  'PadV2',
  'Concat',
]);

/** What the gradient of a kernel will need. */
function save(inside: Inside, name: string, inputs: NamedTensorMap, outputs: Tensor[]): Tensor[] {
  const config = getGradient(name) as GradConfig | undefined;
  if (!config) return [];
  if (inside.state.gradientDepth > 1 || !SHAPES_ONLY.has(name)) {
    return inside.saveTensorsForBackwardMode(inside.getTensorsForGradient(name, inputs, outputs));
  }
  // Keeps no activation alive, and counts as no tensor.
  const wanted = config.saveAllInputs
    ? Object.values(inputs)
    : (config.inputsToSave ?? []).map((input) => inputs[input] as Tensor);
  return wanted.map(({ shape, rank, dtype }) => ({ shape, rank, dtype, dispose() {} }) as Tensor);
}

/** Every method is called on the engine itself. */
const lean = (published: Published) => ({
  runKernel(this: Inside, name: string, inputs: NamedTensorMap, attrs?: NamedAttrMap) {
    const { state } = this;
    const kernel = this.backendName == null ? null : getKernel(name, this.backendName);
    // The published method starts a backend, complains about a missing kernel, times and checks.
    if (kernel == null || state.profiling || env().getBool('DEBUG') || env().getBool('IS_TEST')) {
      return published.runKernel.call(this, name, inputs, attrs);
    }
    const taped = state.gradientDepth > 0 && state.kernelDepth === 0;
    const outputs: Tensor[] = [];
    let saved: Tensor[] = [];
    let single = false;
    state.kernelDepth++;
    try {
      const call = { inputs, attrs: attrs as NamedAttrMap, backend: this.backend };
      const out = kernel.kernelFunc(call);
      single = !Array.isArray(out);
      for (const info of (single ? [out] : out) as (TensorInfo | Tensor)[]) {
        outputs.push(info instanceof Tensor ? info : this.makeTensorFromTensorInfo(info));
      }
      if (taped) saved = save(this, name, inputs, outputs);
    } finally {
      state.kernelDepth--;
    }
    if (taped) this.addTapeNode(name, inputs, outputs, null, saved, attrs);
    return single ? (outputs[0] as Tensor) : outputs;
  },

  saveTensorsForBackwardMode(this: Inside, tensors: Tensor[]): Tensor[] {
    // Only a gradient of a gradient needs the copies on the tape.
    if (this.state.gradientDepth > 1) {
      return published.saveTensorsForBackwardMode.call(this, tensors);
    }
    return tensors.map((tensor) => {
      this.backend.incRef(tensor.dataId);
      const copy = this.makeTensorFromTensorInfo(tensor) as Tracked;
      copy.kept = true;
      return copy;
    });
  },

  endScope(this: Inside, result?: unknown): void {
    const { state } = this;
    const scope = state.scopeStack.pop() as Scope;
    state.activeScope = state.scopeStack.at(-1) ?? null;
    const kept = tensorsIn(result);
    const only = kept.length === 1 ? kept[0]?.id : undefined;
    const ids = kept.length > 1 ? new Set(kept.map(({ id }) => id)) : undefined;
    for (const tensor of scope.track) {
      if (!tensor.kept && tensor.id !== only && !ids?.has(tensor.id)) tensor.dispose();
    }
    for (const tensor of kept) {
      if (!tensor.kept && tensor.scopeId === scope.id) this.track(tensor);
    }
  },

  gradients(
    this: Inside,
    f: () => Tensor,
    xs: readonly Tensor[],
    dy?: Tensor | null,
    allowNoGradients = false,
  ): Gradients {
    // Inside another gradient the tape must stay; wrong arguments get the published complaint.
    const plain = this.state.gradientDepth === 0 && xs.length > 0;
    if (!plain || (dy != null && dy.dtype !== 'float32')) {
      return published.gradients.call(this, f, xs, dy, allowNoGradients);
    }
    let y: Tensor;
    this.startTape();
    try {
      y = this.tidy('forward', f);
    } finally {
      this.endTape();
    }
    util.assert(y instanceof Tensor, () => 'The result y returned by f() must be a tensor.');
    const tape = this.state.activeTape as TapeNode[];
    const nodes = dependents(tape, xs);
    if (
      !allowNoGradients &&
      !nodes.some(({ node }) => node.outputs.some(({ id }) => id === y.id))
    ) {
      throw new Error(
        'Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all ' +
          'operations that lead from x to y.',
      );
    }
    return this.tidy('backward', () => {
      const found = new Map<number, Tensor>([[y.id, dy ?? ones(y.shape)]]);
      for (const { node, names } of nodes.reverse()) {
        if (!node.outputs.some(({ id }) => found.has(id))) continue;
        if (!node.gradient) {
          const name = node.kernelName;
          throw new Error(`Cannot compute gradient: gradient function not found for ${name}.`);
        }
        const gradients = node.gradient(node.outputs.map(({ id }) => found.get(id) ?? null));
        for (const name of names) {
          const gradient = gradients[name];
          if (!gradient) {
            const known = Object.keys(gradients).join();
            throw new Error(
              `Cannot backprop through input ${name}. Available gradients found: ${known}.`,
            );
          }
          const x = node.inputs[name] as Tensor;
          const dx = this.tidy(gradient);
          check(node.kernelName, name, dx, x);
          const others = found.get(x.id);
          found.set(x.id, others ? (this.runKernel('Add', { a: others, b: dx }) as Tensor) : dx);
          others?.dispose();
        }
      }
      const grads = xs.map(({ id }) => found.get(id));
      for (const { saved } of tape) for (const tensor of saved) tensor.dispose();
      this.state.activeTape = null;
      return { value: y, grads };
    });
  },
});

/** A map from objects that keeps each value on its object: as a WeakMap, without its hashing. */
class OnKey<V> {
  readonly #slot = Symbol();
  get(key: Record<symbol, V | undefined>): V | undefined {
    return key[this.#slot];
  }
  has(key: Record<symbol, V | undefined>): boolean {
    return key[this.#slot] !== undefined;
  }
  set(key: Record<symbol, V | undefined>, value: V): void {
    key[this.#slot] = value;
  }
  delete(key: Record<symbol, V | undefined>): boolean {
    const had = this.has(key);
    key[this.#slot] = undefined;
    return had;
  }
}

/** Backends keep their data in a `DataStorage`; one that is still empty gets the quicker map. */
function quickenStorage(): void {
  interface Storage {
    data: object;
    dataIdsCount: number;
  }
  const prototype = DataStorage.prototype as unknown as {
    set: (this: Storage, key: object, value: unknown) => void;
  };
  const { set } = prototype;
  prototype.set = function (key, value) {
    if (this.dataIdsCount === 0 && !(this.data instanceof OnKey)) this.data = new OnKey();
    set.call(this, key, value);
  };
}

/** Changes the engine in place. Call once, before the first tensor. */
export function installEngine(): void {
  const inside = engine() as unknown as Inside;
  const { runKernel, saveTensorsForBackwardMode, gradients } = inside;
  Object.assign(inside, lean({ runKernel, saveTensorsForBackwardMode, gradients }));
  if (inside.state.numDataBuffers === 0) inside.state.tensorInfo = new OnKey();
  quickenStorage();
}
