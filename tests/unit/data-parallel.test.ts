/** Shares of a batch, and what a step of a cluster costs, against counting them out message by message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clusterView,
  shareBatch,
  sharesView,
  stepTime,
  valuesSent,
} from '../../src/datasets/parallel.ts';
import { near } from './calculator-host.ts';

test('every image of a batch belongs to exactly one machine, and no machine is idle', () => {
  for (const batch of [16, 64, 250]) {
    for (const machines of [1, 2, 3, 8]) {
      for (const uneven of [false, true]) {
        const shares = shareBatch(batch, machines, uneven);
        const rows = shares.flatMap(({ from, size }) =>
          Array.from({ length: size }, (_, i) => from + i),
        );
        assert.deepEqual(
          rows,
          Array.from({ length: batch }, (_, i) => i),
        );
        assert.ok(shares.length === machines && shares.every(({ size }) => size > 0));
        const sizes = shares.map(({ size }) => size);
        if (!uneven) assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
        else if (machines > 1) assert.ok(sizes[0]! > 4 * sizes[1]!);
      }
    }
  }
});

/** Adds up a vector of `parameters` numbers round a ring, piece by piece; counts what is sent. */
function ring(parameters: number, machines: number): { sums: number[][]; sent: number } {
  const sums = Array.from({ length: machines }, (_, k) =>
    Array.from({ length: parameters }, (__, i) => (k + 1) * (i + 1)),
  );
  const piece = (i: number) => Math.floor((i * machines) / parameters);
  let sent = 0;
  for (let round = 0; round < 2 * (machines - 1); round++) {
    const before = sums.map((row) => [...row]);
    for (let k = 0; k < machines; k++) {
      const next = (k + 1) % machines;
      const first = round < machines - 1;
      const which = (k - round + 2 * machines) % machines;
      for (let i = 0; i < parameters; i++) {
        if (piece(i) !== which) continue;
        sums[next]![i] = first ? before[next]![i]! + before[k]![i]! : before[k]![i]!;
        sent++;
      }
    }
  }
  return { sums, sent };
}

test('a ring gives every machine the sum, and sends as many numbers as the formula says', () => {
  for (const machines of [2, 3, 4, 6]) {
    const { sums, sent } = ring(12, machines);
    const total = (machines * (machines + 1)) / 2;
    for (const row of sums) row.forEach((value, i) => assert.equal(value, total * (i + 1)));
    assert.equal(sent, valuesSent(12, machines));
  }
  assert.equal(valuesSent(12, 1), 0);
});

test('the time of a step is that of its messages, one round after another', () => {
  const cluster = { parameters: 100e6, milliseconds: 800, gigabytes: 1.25, latency: 0.05 };
  const { compute, talk } = stepTime(cluster, 8);
  near(compute, 100, 1e-9);
  const bytesOfOneMachine = (4 * valuesSent(cluster.parameters, 8)) / 8;
  near(talk, (bytesOfOneMachine / 1.25e9) * 1000 + 14 * 0.05, 1e-9);
  assert.deepEqual(stepTime(cluster, 1), { compute: 800, talk: 0 });
  const rows = clusterView(cluster).rows;
  assert.equal(rows[0]?.[4], 1);
  assert.ok(rows.every(([machines, , , , speed]) => Number(speed) <= Number(machines)));
});

test('the table of digits counts each image once', () => {
  const labels = [3, 3, 9, 0, 1, 2, 3, 4];
  const shares = shareBatch(8, 2, false);
  const { values } = sharesView([7, 6, 5, 4, 3, 2, 1, 0], labels, shares);
  assert.deepEqual(values[0], [0, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual(values[1], [1, 0, 0, 2, 0, 0, 0, 0, 0, 1]);
});
