/** Softmax cross entropy with its gradient in three programs, and gradients of activations in one. */
import { getKernel, util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Activation, BiasActivationGrad, CrossEntropy } from '../fused/contracts.ts';
import type { WebglBackend } from './backend.ts';

/**
 * logits, labels [n, c] → loss [n], gradient [n, c]. The first program makes log Σ e^x and Σ labels of each row, the
 * others read them.
 */
const softmaxCrossEntropy: KernelConfig = {
  kernelName: 'SoftmaxCrossEntropy',
  backendName: 'webgl',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebglBackend;
    const { logits, labels } = inputs as unknown as CrossEntropy['inputs'];
    const { scale } = attrs as unknown as CrossEntropy['attrs'];
    const [rows, columns] = logits.shape as [number, number];
    const each = (body: string): string => `for (int j = 0; j < ${columns}; j++) { ${body} }`;
    const row = backend.runWebGLProgram(
      {
        variableNames: ['Logits', 'Labels'],
        outputShape: [rows, 2],
        userCode: `
      void main() {
        ivec2 at = getOutputCoords();
        float total = 0.;
        if (at.y == 1) {
          ${each('total += getLabels(at.x, j);')}
          setOutput(total);
        } else {
          float largest = getLogits(at.x, 0);
          ${each('largest = max(largest, getLogits(at.x, j));')}
          ${each('total += exp(getLogits(at.x, j) - largest);')}
          setOutput(largest + log(total));
        }
      }`,
      },
      [logits, labels],
      'float32',
    );
    const loss = backend.runWebGLProgram(
      {
        variableNames: ['Logits', 'Labels', 'Row'],
        outputShape: [rows],
        userCode: `
      void main() {
        int at = getOutputCoords();
        float total = getRow(at, 0);
        float cost = 0.;
        ${each('cost += getLabels(at, j) * (total - getLogits(at, j));')}
        setOutput(cost);
      }`,
      },
      [logits, labels, row],
      'float32',
    );
    const gradient = backend.runWebGLProgram(
      {
        variableNames: ['Logits', 'Labels', 'Row'],
        outputShape: [rows, columns],
        customUniforms: [{ name: 'scale', type: 'float' }],
        userCode: `
      void main() {
        ivec2 at = getOutputCoords();
        float chance = exp(getLogits(at.x, at.y) - getRow(at.x, 0));
        setOutput(scale * (chance * getRow(at.x, 1) - getLabels(at.x, at.y)));
      }`,
      },
      [logits, labels, row],
      'float32',
      [[scale]],
    );
    backend.disposeIntermediateTensorInfo(row);
    return [loss, gradient];
  },
};

/** dy times the derivative of each activation, from its output y. */
const DERIVATIVE: Readonly<Record<Exclude<Activation, 'linear'>, string>> = {
  relu: 'dy * vec4(greaterThan(y, vec4(0.)))',
  sigmoid: 'dy * y * (1. - y)',
  tanh: 'dy * (1. - y * y)',
};

/** dy, y [..., c] → dx of that shape and, with `bias`, dBias [c]. */
const biasActivationGrad: KernelConfig = {
  kernelName: 'BiasActivationGrad',
  backendName: 'webgl',
  kernelFunc: ({ inputs, attrs, backend: anyBackend }) => {
    const backend = anyBackend as WebglBackend;
    const { dy, y } = inputs as unknown as BiasActivationGrad['inputs'];
    const { activation, bias } = attrs as unknown as BiasActivationGrad['attrs'];
    let dx: TensorInfo;
    if (activation === 'linear') {
      backend.incRef(dy.dataId);
      dx = { dataId: dy.dataId, shape: dy.shape, dtype: dy.dtype };
    } else {
      dx = backend.runWebGLProgram(
        {
          variableNames: ['Dy', 'Y'],
          outputShape: dy.shape,
          packedInputs: true,
          packedOutput: true,
          userCode: `
      void main() {
        vec4 dy = getDyAtOutCoords();
        vec4 y = getYAtOutCoords();
        setOutput(${DERIVATIVE[activation]});
      }`,
        },
        [dy, y],
        'float32',
      );
    }
    if (!bias) return [dx];
    const columns = dy.shape.at(-1) ?? 1;
    const x = { ...dx, shape: [util.sizeFromShape(dy.shape) / columns, columns] };
    const sums = getKernel('Sum', 'webgl').kernelFunc({
      inputs: { x },
      attrs: { axis: [0], keepDims: false },
      backend,
    }) as TensorInfo;
    return [dx, sums];
  },
};

export const gradients: readonly KernelConfig[] = [softmaxCrossEntropy, biasActivationGrad];
