/** Generates a friendship graph of two circles with weak hints about each member. Knows no network. */
import type { GraphView } from '../contract/view.ts';
import { seededRandom } from './random.ts';

/** Members of the graph; the first half belongs to circle 0, the second to circle 1. */
export const MEMBERS = 60;
/** Numbers that describe a member; only the first has to do with the circle. */
export const HINTS = 8;

export interface Communities {
  /** `[60]`, 0 or 1. */
  readonly labels: readonly number[];
  /** `[60][8]`: standard normal; the first is moved by ±`hint`. */
  readonly features: readonly (readonly number[])[];
  /** Pairs of friends, the smaller number first. */
  readonly edges: readonly (readonly [number, number])[];
  /** Members whose circle is told, the same number from both. */
  readonly told: readonly number[];
  /** `[60][2]`, a place for each member: the circles side by side. */
  readonly places: readonly (readonly [number, number])[];
}

export interface CommunityShape {
  /** Chance that two of one circle are friends. */
  readonly inside: number;
  /** Chance that two of different circles are friends. */
  readonly between: number;
  /** How far the first feature is moved, in standard deviations. */
  readonly hint: number;
  /** Members of each circle whose label is told. */
  readonly labelled: number;
}

/** Draws members, friendships and hints from a seed. */
export function makeCommunities(seed: number, shape: CommunityShape): Communities {
  const random = seededRandom(seed);
  const labels = Array.from({ length: MEMBERS }, (_, i) => Number(i >= MEMBERS / 2));
  const features = labels.map((label) =>
    Array.from(
      { length: HINTS },
      (_, j) => random.normal() + (j === 0 ? shape.hint * (2 * label - 1) : 0),
    ),
  );
  const edges: [number, number][] = [];
  for (let i = 0; i < MEMBERS; i++)
    for (let j = i + 1; j < MEMBERS; j++)
      if (random.uniform() < (labels[i] === labels[j] ? shape.inside : shape.between))
        edges.push([i, j]);
  const half = Array.from({ length: MEMBERS / 2 }, (_, i) => i);
  const told = [0, 1].flatMap((circle) =>
    random
      .shuffle(half)
      .slice(0, shape.labelled)
      .map((i) => i + (circle * MEMBERS) / 2),
  );
  const places = labels.map((label) => {
    const radius = Math.sqrt(random.uniform());
    const angle = 2 * Math.PI * random.uniform();
    return [2.6 * label + radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
  return { labels, features, edges, told, places };
}

/**
 * What one round of message passing multiplies with, row by row: `D^(−1/2) (A + I) D^(−1/2)`, where D counts each
 * node's friends and itself. Every row mixes a node with its friends.
 */
export function messageMatrix(
  nodes: number,
  edges: readonly (readonly [number, number])[],
): Float32Array {
  const matrix = new Float32Array(nodes * nodes);
  for (let i = 0; i < nodes; i++) matrix[i * nodes + i] = 1;
  for (const [i, j] of edges) matrix[i * nodes + j] = matrix[j * nodes + i] = 1;
  const degree = Array.from({ length: nodes }, (_, i) =>
    matrix.subarray(i * nodes, (i + 1) * nodes).reduce((sum, value) => sum + value, 0),
  );
  return matrix.map(
    (value, at) =>
      value / Math.sqrt((degree[Math.floor(at / nodes)] ?? 1) * (degree[at % nodes] ?? 1)),
  );
}

/** The graph, coloured by what a network says; wrong answers are ringed. */
export function communityView(
  title: string,
  { labels, edges, places, told }: Communities,
  guesses: ArrayLike<number>,
): GraphView {
  return {
    kind: 'graph',
    title,
    groups: ['判为甲圈', '判为乙圈'],
    edges,
    nodes: labels.map((label, i) => ({
      x: places[i]?.[0] ?? 0,
      y: places[i]?.[1] ?? 0,
      group: guesses[i] ?? 0,
      ...(told.includes(i) && { label: '已知' }),
      ...(guesses[i] !== label && { ring: true as const }),
    })),
  };
}
