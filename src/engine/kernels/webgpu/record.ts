/**
 * Records a dispatch with any number of outputs, in place if wanted, into the command stream of TensorFlow.js's WebGPU
 * backend, in order with its own. (A program of the backend itself has one output, and that is new.) Knows no formula.
 */
import { env, type TensorInfo } from '@tensorflow/tfjs-core';
import { overwrite, type WebgpuBackend } from './backend.ts';

export interface Dispatch {
  /** Names the pipeline: one shader for each name. */
  readonly name: string;
  /** WGSL after the bindings and the line `fn main`, without its braces; see `shader`. */
  readonly code: () => string;
  readonly reads: Readonly<Record<string, TensorInfo>>;
  /** Tensors whose values change; those just made by `makeTensorInfo` belong here too. */
  readonly writes: Readonly<Record<string, TensorInfo>>;
  /** Passed as u32 and f32, in this order; `n: 3` is `u.n` in the shader. */
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** The floats differ from step to step: their buffer is not kept. */
  readonly changing?: true;
  readonly workgroups: readonly [x: number, y?: number, z?: number];
}

/** Threads of a workgroup of every shader here. */
export const GROUP = 64;
/** WebGPU's least limit of workgroups in a dimension. */
const MOST_GROUPS = 65535;

/** Workgroups for `n` threads, one element each; past the limit the shader's loop takes several. */
export const groupsFor = (n: number): number => Math.min(MOST_GROUPS, Math.ceil(n / GROUP));

/**
 * The whole shader of a dispatch: every tensor is an `array<f32>` of its name, the numbers are `u.<name>`, and the
 * body sees `id` (global_invocation_id), `group` (workgroup_id), `groups` (num_workgroups) and `lane`
 * (local_invocation_index). A body may open with declarations, closed by a line `---`.
 */
function shader({ code, reads, writes, integers = {}, floats = {} }: Dispatch): string {
  const [declarations, body] = code().includes('---') ? code().split('---') : ['', code()];
  let binding = 0;
  const lines = [
    ...Object.keys(reads).map((name) => [name, 'read'] as const),
    ...Object.keys(writes).map((name) => [name, 'read_write'] as const),
  ].map(
    ([name, access]) =>
      `@group(0) @binding(${binding++}) var<storage, ${access}> ${name}: array<f32>;`,
  );
  const fields = [
    ...Object.keys(integers).map((name) => `${name}: u32,`),
    ...Object.keys(floats).map((name) => `${name}: f32,`),
  ];
  if (fields.length > 0) {
    lines.push(
      `struct Numbers { ${fields.join(' ')} }`,
      `@group(0) @binding(${binding}) var<uniform> u: Numbers;`,
    );
  }
  return `${lines.join('\n')}
${declarations}
@compute @workgroup_size(${GROUP})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
${body}
}`;
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

function pipelineFor(device: GPUDevice, dispatch: Dispatch): GPUComputePipeline {
  let known = pipelines.get(device);
  if (!known) pipelines.set(device, (known = new Map()));
  let pipeline = known.get(dispatch.name);
  if (!pipeline) {
    const module = device.createShaderModule({ code: shader(dispatch), label: dispatch.name });
    pipeline = device.createComputePipeline({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
      label: dispatch.name,
    });
    known.set(dispatch.name, pipeline);
  }
  return pipeline;
}

/** Numbers that change each step get a buffer that the pool takes back after the submit. */
function changingUniforms(
  backend: WebgpuBackend,
  integers: readonly number[],
  floats: readonly number[],
): GPUBuffer {
  const size = 4 * (integers.length + floats.length);
  const bytes = new ArrayBuffer(size);
  new Uint32Array(bytes, 0, integers.length).set(integers);
  new Float32Array(bytes, 4 * integers.length).set(floats);
  const buffer = backend.bufferManager.acquireBuffer(
    size,
    GPUBufferUsage.COPY_DST | GPUBufferUsage.UNIFORM,
  );
  backend.queue.writeBuffer(buffer, 0, bytes);
  backend.uniformPendingDisposal.push(buffer);
  return buffer;
}

/**
 * Records one dispatch. Tensors are float32, none is empty, and none is both read and written: WebGPU forbids it.
 * The pass and the submit are the backend's, so what it recorded before is seen, and what comes after sees this.
 */
export function record(backend: WebgpuBackend, dispatch: Dispatch): void {
  const { reads, writes, integers = {}, floats = {}, changing, workgroups } = dispatch;
  for (const { dataId } of Object.values(reads)) backend.uploadToGPU(dataId);
  for (const { dataId } of Object.values(writes)) {
    backend.uploadToGPU(dataId);
    overwrite(backend, dataId);
  }
  const tensors = [...Object.values(reads), ...Object.values(writes)];
  const resources: GPUBindingResource[] = tensors.map(({ dataId }) => {
    backend.commandQueueOwnedIds.add(dataId);
    return { buffer: backend.tensorMap.get(dataId).resource as GPUBuffer };
  });
  const whole = Object.values(integers);
  const real = Object.values(floats);
  if (whole.length + real.length > 0) {
    resources.push(
      changing
        ? { buffer: changingUniforms(backend, whole, real) }
        : backend.makeUniforms([
            ...whole.map((value) => ({ type: 'uint32', data: [value] })),
            ...real.map((value) => ({ type: 'float32', data: [value] })),
          ]),
    );
  }
  const pipeline = pipelineFor(backend.device, dispatch);
  const bindGroup = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  backend.ensureCommandEncoderReady();
  const pass = (backend.computePassEncoder ??= (
    backend.commandEncoder as GPUCommandEncoder
  ).beginComputePass());
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(workgroups[0], workgroups[1] ?? 1, workgroups[2] ?? 1);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}
