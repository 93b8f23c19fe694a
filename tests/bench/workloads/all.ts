/** The workloads of the bench, in the order in which they are run and shown. */
import type { BenchWorkload } from '../../../src/contract/bench.ts';
import { cnn } from './cnn.ts';
import { linear } from './linear.ts';
import { lstm } from './lstm.ts';
import { mlp } from './mlp.ts';
import { transformer } from './transformer.ts';
import type { Workload } from './workload.ts';

export const WORKLOADS: Readonly<Record<BenchWorkload, Workload>> = {
  linear,
  mlp,
  cnn,
  lstm,
  transformer,
};
