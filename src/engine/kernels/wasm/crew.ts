/**
 * A small crew of workers that share the WASM heap with the training worker and take parts of one kernel call at a time.
 * The training worker takes parts too, whenever one is left: it waits for nobody who has not begun, so a worker that is
 * slow to wake, or gone, costs speed and nothing else. Knows no kernel.
 */

/** Words (int32) of the board that all threads see; arguments (float64) follow. */
export const STATE = 0;
export const PARTS = 1;
export const DONE = 2;
export const ASLEEP = 3;
export const KERNEL = 4;
export const ARGUMENT_COUNT = 5;
const WORDS = 8;
const MOST_ARGUMENTS = 40;
export const BOARD_BYTES = WORDS * 4 + MOST_ARGUMENTS * 8;

/** STATE is the number of the call in the upper bits and, below, the next part that nobody has taken. */
export const PART_BITS = 10;
const PART_MASK = 2 ** PART_BITS - 1;
/** No part to take: the board is being written, or nothing was ever on it. */
const CLOSED = PART_MASK;

export interface CrewStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: number;
}

type Kernel = (...args: number[]) => void;

/** One thread's hold on the board. */
export class Board {
  readonly words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #kernels: readonly Kernel[];

  constructor(memory: WebAssembly.Memory, address: number, kernels: readonly Kernel[]) {
    this.words = new Int32Array(memory.buffer, address, WORDS);
    this.#numbers = new Float64Array(memory.buffer, address + WORDS * 4, MOST_ARGUMENTS);
    this.#kernels = kernels;
  }

  /** Puts a call up for all threads. Only the training worker calls this, and only when the last call is done. */
  put(kernel: number, args: readonly number[], parts: number): void {
    if (args.length > MOST_ARGUMENTS)
      throw new Error(`${args.length} arguments do not fit the board.`);
    const call = (this.words[STATE]! >>> PART_BITS) + 1;
    // Closed first: a thread that has read the old state must not take a part of the new call by it.
    Atomics.store(this.words, STATE, (call << PART_BITS) | CLOSED);
    this.#numbers.set(args);
    this.words[KERNEL] = kernel;
    this.words[ARGUMENT_COUNT] = args.length;
    this.words[PARTS] = parts;
    Atomics.store(this.words, DONE, 0);
    Atomics.store(this.words, STATE, call << PART_BITS);
    if (Atomics.load(this.words, ASLEEP) > 0) Atomics.notify(this.words, STATE);
  }

  /** Before the first call there is no part to take. */
  close(): void {
    Atomics.store(this.words, STATE, CLOSED);
  }

  /** Takes parts and does them, until none is left. @returns whether it did any. */
  work(): boolean {
    let worked = false;
    for (;;) {
      const state = Atomics.load(this.words, STATE);
      const part = state & PART_MASK;
      const parts = this.words[PARTS]!;
      if (part === CLOSED || part >= parts) return worked;
      const kernel = this.#kernels[this.words[KERNEL]!]!;
      const args = this.#numbers.slice(0, this.words[ARGUMENT_COUNT]);
      // What was read above belongs to this call if the state has not changed meanwhile.
      if (Atomics.compareExchange(this.words, STATE, state, state + 1) !== state) continue;
      kernel(...args, part, parts);
      worked = true;
      if (Atomics.add(this.words, DONE, 1) + 1 === parts) Atomics.notify(this.words, DONE);
    }
  }

  /** Waits until the parts that other threads took are done. @throws Error when one of them is never done. */
  finish(): void {
    const parts = this.words[PARTS]!;
    for (let spin = 0; spin < 20_000; spin++) {
      if (Atomics.load(this.words, DONE) === parts) return;
    }
    const deadline = performance.now() + 20_000;
    for (;;) {
      const done = Atomics.load(this.words, DONE);
      if (done === parts) return;
      if (performance.now() > deadline) throw new Error('A thread of the WASM backend stopped.');
      Atomics.wait(this.words, DONE, done, 100);
    }
  }
}

/** Functions of the SIMD module by name, in an order that all threads agree on. */
export function kernelsOf(instance: WebAssembly.Instance): ReadonlyMap<string, Kernel> {
  const functions = Object.entries(instance.exports).filter(
    ([, value]) => typeof value === 'function',
  );
  return new Map(functions as [string, Kernel][]);
}
