/** The few parts of ConvNetJS 0.3.0 that the bench uses; the package has no types of its own. */
declare module 'convnetjs' {
  namespace convnetjs {
    interface ParamsAndGrads {
      params: Float64Array;
      grads: Float64Array;
    }
    class Vol {
      constructor(sx: number, sy: number, depth: number, fill: number);
      w: Float64Array;
    }
    class Net {
      makeLayers(definition: readonly object[]): void;
      /** Numbers of each layer, without copying. */
      getParamsAndGrads(): ParamsAndGrads[];
      forward(input: Vol, training: boolean): Vol;
      /** @returns the loss of the example that went forward last. */
      backward(label: number): number;
    }
  }
  export default convnetjs;
}
