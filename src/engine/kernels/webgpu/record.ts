/**
 * Records a dispatch with any number of outputs, in place if wanted, into the command stream of TensorFlow.js's WebGPU
 * backend, in order with its own. (A program of the backend itself has one output, and that is new.) Knows no formula.
 */
import { env, util, type TensorInfo } from '@tensorflow/tfjs-core';
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
  /** Threads of a workgroup; `GROUP` if left out. */
  readonly threads?: number;
  readonly workgroups: readonly [x: number, y?: number, z?: number];
}

/** Threads of a workgroup where a dispatch does not say otherwise. */
export const GROUP = 64;
/** WebGPU's least limit of workgroups in a dimension. */
export const MOST_GROUPS = 65535;

/** A shader's body that does something with each element `i` of what it writes to. */
export const elementwise = (element: string, written: string): string => `
  let size = arrayLength(&${written});
  for (var i = id.x; i < size; i += groups.x * ${GROUP}u) {
    ${element}
  }`;

/** Workgroups for `n` threads, one element each; past the limit the shader's loop takes several. */
export const groupsFor = (n: number): number => Math.min(MOST_GROUPS, Math.ceil(n / GROUP));

/**
 * The whole shader of a dispatch. What it reads is `<name>(i)`, what it writes is the array `<name>`, all f32; the
 * numbers are `u.<name>`; the body sees `id` (global_invocation_id), `group` (workgroup_id), `groups` (num_workgroups)
 * and `lane` (local_invocation_index). A body may open with declarations, closed by a line `---`.
 */
function shader(
  { code, reads, writes, integers = {}, floats = {}, threads = GROUP }: Dispatch,
  whole: ReadonlySet<string>,
): string {
  const [declarations, body] = code().includes('---') ? code().split('---') : ['', code()];
  let binding = 0;
  const lines = [
    ...Object.keys(reads).map(
      (
        name,
      ) => `@group(0) @binding(${binding++}) var<storage, read> ${name}_data: array<${whole.has(name) ? 'i32' : 'f32'}>;
fn ${name}(i: u32) -> f32 { return f32(${name}_data[i]); }`,
    ),
    ...Object.keys(writes).map(
      (name) => `@group(0) @binding(${binding++}) var<storage, read_write> ${name}: array<f32>;`,
    ),
  ];
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
@compute @workgroup_size(${threads})
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

function pipelineFor(
  device: GPUDevice,
  dispatch: Dispatch,
  whole: ReadonlySet<string>,
): GPUComputePipeline {
  const known = pipelines.get(device) ?? new Map<string, GPUComputePipeline>();
  pipelines.set(device, known);
  const key = whole.size === 0 ? dispatch.name : `${dispatch.name} ${[...whole].join()}`;
  let pipeline = known.get(key);
  if (!pipeline) {
    const code = shader(dispatch, whole);
    const module = device.createShaderModule({ code, label: dispatch.name });
    pipeline = device.createComputePipeline({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
      label: dispatch.name,
    });
    known.set(key, pipeline);
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
 * Records one dispatch. No tensor is empty, and none is both read and written: WebGPU forbids it. What is written has
 * float32 data (`ownFloats` sees to that for tensors that are older than the kernel).
 * The pass and the submit are the backend's, so what it recorded before is seen, and what comes after sees this.
 */
export function record(backend: WebgpuBackend, dispatch: Dispatch): void {
  const { reads, writes, integers = {}, floats = {}, changing, workgroups } = dispatch;
  for (const { dataId } of Object.values(reads)) backend.uploadToGPU(dataId);
  for (const { dataId } of Object.values(writes)) {
    backend.uploadToGPU(dataId);
    overwrite(backend, dataId);
  }
  // A cast from int32 or bool to float32 leaves the integers where they are and says float32.
  const whole = new Set(
    Object.keys(reads).filter(
      (name) => backend.tensorMap.get((reads[name] as TensorInfo).dataId).dtype !== 'float32',
    ),
  );
  const tensors = [...Object.values(reads), ...Object.values(writes)];
  const resources: GPUBindingResource[] = tensors.map(({ dataId }) => {
    backend.commandQueueOwnedIds.add(dataId);
    return { buffer: backend.tensorMap.get(dataId).resource as GPUBuffer };
  });
  const counts = Object.values(integers);
  const real = Object.values(floats);
  if (counts.length + real.length > 0) {
    resources.push(
      changing
        ? { buffer: changingUniforms(backend, counts, real) }
        : backend.makeUniforms([
            ...counts.map((value) => ({ type: 'uint32', data: [value] })),
            ...real.map((value) => ({ type: 'float32', data: [value] })),
          ]),
    );
  }
  const pipeline = pipelineFor(backend.device, dispatch, whole);
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

/**
 * Makes sure that the data of a tensor which is about to be overwritten are float32 numbers: a variable made from
 * integers by a cast still has integers.
 */
export function ownFloats(backend: WebgpuBackend, tensor: TensorInfo): void {
  const data = backend.tensorMap.get(tensor.dataId);
  if (data.dtype === 'float32') return;
  const floats = backend.makeTensorInfo(tensor.shape, 'float32');
  const size = util.sizeFromShape(tensor.shape);
  record(backend, {
    name: 'Floats',
    code: () => elementwise('floats[i] = x(i);', 'floats'),
    reads: { x: tensor },
    writes: { floats },
    workgroups: [groupsFor(size)],
  });
  const made = backend.tensorMap.get(floats.dataId);
  [data.resource, made.resource] = [made.resource, data.resource];
  [data.dtype, made.dtype] = [made.dtype, data.dtype];
  backend.disposeData(floats.dataId);
}
