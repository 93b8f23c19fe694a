/**
 * What our kernels use of TensorFlow.js's WebGL backend, and how a tensor gets new data there. Knows no kernel. Pinned
 * to version 4.22.0 and held by tests/e2e/webgl.spec.ts.
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** A program of the backend: GLSL that reads `get<Name>AtOutCoords()` and ends in `setOutput`. */
export interface Program {
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  readonly userCode: string;
  /** Four numbers a texel, two rows by two columns: how the backend keeps most of its tensors. */
  readonly packedInputs?: boolean;
  readonly packedOutput?: boolean;
  readonly customUniforms?: readonly { readonly name: string; readonly type: 'float' }[];
}

export interface WebglBackend {
  readonly texData: { get(dataId: object): Record<string, unknown> };
  readonly pendingRead: { has(dataId: object): boolean };
  /** Tensors whose texture is also used by slices of them. */
  readonly dataRefCount: { has(dataId: object): boolean };
  refCount(dataId: object): number;
  makeTensorInfo(shape: readonly number[], dtype: DataType): TensorInfo;
  runWebGLProgram(
    program: Program,
    inputs: readonly TensorInfo[],
    dtype: DataType,
    uniforms?: readonly (readonly number[])[],
  ): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
  shouldExecuteOnCPU(inputs: readonly TensorInfo[]): boolean;
  incRef(dataId: object): void;
}

/**
 * Counts a read on its way, and slices that share a texture, as users of the data: whoever wants to overwrite data
 * that only one tensor uses then takes fresh data instead.
 */
export function tune(backend: WebglBackend): void {
  const count = backend.refCount.bind(backend);
  backend.refCount = (dataId) =>
    count(dataId) +
    (backend.pendingRead.has(dataId) ? 1 : 0) +
    (backend.dataRefCount.has(dataId) ? 1 : 0);
}

/** Gives a tensor the data of another, which is disposed: a program cannot write to the texture that it reads. */
export function overwrite(backend: WebglBackend, tensor: TensorInfo, by: TensorInfo): void {
  const [old, fresh] = [backend.texData.get(tensor.dataId), backend.texData.get(by.dataId)];
  for (const name of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    if (name !== 'refCount') [old[name], fresh[name]] = [fresh[name], old[name]];
  }
  backend.disposeIntermediateTensorInfo(by);
}
