/** crew-worker.ts in a thread of Node, which calls the global scope of a worker by another name. */
import { parentPort } from 'node:worker_threads';

interface Scope {
  onmessage?: (event: { data: unknown }) => void;
}
const scope: Scope = {};
Object.assign(globalThis, { self: scope });
await import('../../src/engine/kernels/wasm/crew-worker.ts');
parentPort?.on('message', (data) => scope.onmessage?.({ data }));
