/** A worker of the crew: looks at the board for parts to do, for ever. Ends with the worker that started it. */
import { ASLEEP, Board, kernelsOf, STATE, type CrewStart } from './crew.ts';

/** How long it looks before it goes to sleep: kernels of a training step follow one another faster than this. */
const LOOK_MS = 0.2;

self.onmessage = ({ data: { module, memory, board: address } }: MessageEvent<CrewStart>) => {
  const kernels = kernelsOf(new WebAssembly.Instance(module, { env: { memory } }));
  const board = new Board(memory, address, [...kernels.values()]);
  for (;;) {
    let until = performance.now() + LOOK_MS;
    for (let looks = 0; looks % 64 || performance.now() < until; looks++) {
      if (board.work()) until = performance.now() + LOOK_MS;
    }
    Atomics.add(board.words, ASLEEP, 1);
    const state = Atomics.load(board.words, STATE);
    // Work that came up before ASLEEP was raised is still there to be seen.
    if (!board.work()) Atomics.wait(board.words, STATE, state);
    Atomics.sub(board.words, ASLEEP, 1);
  }
};
