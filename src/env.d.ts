declare namespace App {
  interface Locals {
    /** How often each example, and each calculator, stands on this page so far: two of the same need different ids. */
    liveExamples?: Map<string, number>;
    liveCalculators?: Map<string, number>;
  }
}
