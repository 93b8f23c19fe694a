/** Shares of a batch for several machines, and what a step of theirs costs. Knows no model. */
import { InputError, type InputSpec, type ProbeInput } from '../contract/example.ts';
import type { MatrixView, TableView } from '../contract/view.ts';
import { CLASSES } from './digits.ts';
import { short, tableView } from './pictures.ts';

/** One machine's part of a batch: the first row, and how many. */
export interface Share {
  readonly from: number;
  readonly size: number;
}

/**
 * The part of `batch` images that each machine gets: as equal as can be, or uneven, when every machine but the first
 * gets a quarter of an equal share.
 */
export function shareBatch(batch: number, machines: number, uneven: boolean): Share[] {
  const small = Math.max(1, Math.floor(batch / machines / 4));
  const sizes = Array.from({ length: machines }, (_, k) => {
    if (uneven) return k ? small : batch - small * (machines - 1);
    return Math.floor(batch / machines) + +(k < batch % machines);
  });
  return sizes.map((size, k) => ({
    from: sizes.slice(0, k).reduce((sum, before) => sum + before, 0),
    size,
  }));
}

/** Numbers that all machines together send in one step when they average `parameters` numbers round a ring. */
export const valuesSent = (parameters: number, machines: number): number =>
  2 * (machines - 1) * parameters;

/** A cluster: how long one machine needs for the whole batch, and how fast two machines talk. */
export interface Cluster {
  readonly parameters: number;
  /** Milliseconds of one machine for one whole batch. */
  readonly milliseconds: number;
  /** Gigabytes a second from one machine to the next. */
  readonly gigabytes: number;
  /** Milliseconds before a message arrives, however short. */
  readonly latency: number;
}

/**
 * Milliseconds of one step on so many machines: the batch is shared, then 4-byte gradients go round a ring in
 * 2 (p − 1) rounds, each machine sending a p-th of them a round; nothing overlaps.
 */
export function stepTime(cluster: Cluster, machines: number): { compute: number; talk: number } {
  const { parameters, milliseconds, gigabytes, latency } = cluster;
  const rounds = 2 * (machines - 1);
  const piece = (4 * parameters) / machines / (gigabytes * 1e6); // milliseconds
  return { compute: milliseconds / machines, talk: rounds * (piece + latency) };
}

/** The four numbers of a cluster, for a reader to fill in; the parameters in millions. */
export const CLUSTER_INPUT = {
  kind: 'numbers',
  label: '换成你的网络和网线，一步多久？',
  fields: {
    millions: { label: '参数，百万', default: 100, min: 0.001, max: 1e6, step: 0.001 },
    milliseconds: { label: '一台算一批，毫秒', default: 800, min: 0.1, max: 1e6, step: 0.1 },
    gigabytes: { label: '每秒传几 GB', default: 1.25, min: 0.001, max: 1000, step: 0.001 },
    latency: { label: '每传一次先等，毫秒', default: 0.05, min: 0, max: 1000, step: 0.01 },
  },
} as const satisfies InputSpec;

/** The cluster that a reader filled in. @throws InputError for another kind of input. */
export function readCluster(input: ProbeInput): Cluster {
  if (input.kind !== 'numbers') throw new InputError('这里只收四个数：网络多大，网线多快。');
  const { millions = 0, milliseconds = 0, gigabytes = 1, latency = 0 } = input.values;
  return { parameters: millions * 1e6, milliseconds, gigabytes, latency };
}

/** The steps of a cluster of 1, 2, 4, … 64 machines. */
export function clusterView(cluster: Cluster): TableView {
  const one = stepTime(cluster, 1).compute;
  const rows = [1, 2, 4, 8, 16, 32, 64].map((machines) => {
    const { compute, talk } = stepTime(cluster, machines);
    const speed = one / (compute + talk);
    return [machines, short(compute), short(talk), short(1000 / (compute + talk)), short(speed)];
  });
  const columns = ['机器', '算，毫秒', '传，毫秒', '每秒几步', '快几倍'];
  return tableView('一步多久：算的时间除以台数，传的时间不', columns, rows);
}

/** Which digits each machine has of this batch; `rows` are its images, in order, `labels` those of all images. */
export function sharesView(
  rows: readonly number[],
  labels: ArrayLike<number>,
  shares: readonly Share[],
): MatrixView {
  const digits = Array.from({ length: CLASSES }, (_, digit) => digit);
  return {
    kind: 'matrix',
    title: '这一批，每台机器分到哪些数字',
    rowTitle: '机器',
    columnTitle: '数字',
    rows: shares.map(({ size }, k) => `${k + 1}（${size} 张）`),
    columns: digits.map(String),
    values: shares.map(({ from, size }) => {
      const own = rows.slice(from, from + size);
      return digits.map((digit) => own.filter((row) => labels[row] === digit).length);
    }),
  };
}
