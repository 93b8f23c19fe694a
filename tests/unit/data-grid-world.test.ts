/** The board with pits: its rules, and what Q-learning finds on it against a search that knows the rules. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as board from '../../src/datasets/grid-world.ts';
import { seededRandom } from '../../src/datasets/random.ts';

const cells = Array.from({ length: 25 }, (_, cell) => cell);

describe('the board', () => {
  it('has one goal and six pits, and walls hold', () => {
    assert.equal(cells.filter((cell) => board.kindOf(cell) === 'pit').length, 6);
    assert.equal(cells.filter((cell) => board.kindOf(cell) === 'goal').length, 1);
    assert.equal(board.move(board.START, 0, 0.01).cell, board.START);
    assert.equal(board.move(board.START, 3, 0.01).cell, board.START);
    assert.equal(board.move(9 - 5, 1, 0.01).cell, 4);
  });

  it('moves back to where it came from', () => {
    for (const cell of cells) {
      for (let action = 0; action < 4; action++) {
        const { cell: next } = board.move(cell, action, 0);
        if (next !== cell) assert.equal(board.move(next, (action + 2) % 4, 0).cell, cell);
      }
    }
  });

  it('ends at the goal with 1 and in a pit with −1, and costs the price elsewhere', () => {
    assert.deepEqual(board.move(19, 2, 0.3), { cell: 24, reward: 1, over: true });
    assert.deepEqual(board.move(1, 1, 0.3), { cell: 2, reward: -1, over: true });
    assert.deepEqual(board.move(0, 1, 0.3), { cell: 1, reward: -0.3, over: false });
  });

  it('can give no more than 0.93 at a price of 0.01: the shortest way has eight moves', () => {
    const distance = new Map([[board.START, 0]]);
    for (const cell of distance.keys()) {
      if (board.kindOf(cell) !== 'free') continue;
      for (let action = 0; action < 4; action++) {
        const { cell: next } = board.move(cell, action, 0);
        if (!distance.has(next)) distance.set(next, distance.get(cell)! + 1);
      }
    }
    assert.equal(distance.get(24), 8);
    const way = [2, 1, 1, 1, 2, 1, 2, 2].values();
    const { total, won } = board.play(board.START, () => way.next().value ?? 0, 0.01);
    assert.ok(won && Math.abs(total - 0.93) < 1e-12);
  });

  it('stops a game that does not end', () => {
    const { cells: seen, total } = board.play(board.START, () => 0, 0.01);
    assert.equal(seen.length - 1, board.MOST_MOVES);
    assert.ok(Math.abs(total + 0.5) < 1e-12);
  });

  it('is hardly ever won by chance', () => {
    assert.ok(board.atRandom(seededRandom(5), 2000, 0.01).wins < 0.02);
  });
});

it('a cell whose moves promise the same is marked with a question mark', () => {
  const Q = cells.map((cell) => (cell === 0 ? [0, 1, 0, 0] : [0, 0, 0, 0]));
  const { rows } = board.policyView(Q);
  assert.deepEqual(rows[0], ['→', '？', '坑', '？', '？']);
  assert.equal(rows[4]?.[4], '终点');
});
