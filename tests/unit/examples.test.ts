import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyExample, Bound } from '../../src/contract/example.ts';
import { TECHNIQUES } from '../../src/contract/example.ts';
import { fitParams } from '../../src/contract/params.ts';
import { exampleIds, loadExample, train, useBackend } from './node-host.ts';

// `EXAMPLE=linear-regression node --test …` tries one.
const wanted = process.env['EXAMPLE'];
const ids = exampleIds.filter((id) => wanted === undefined || id === wanted);

test('there is an example to try', () => assert.ok(ids.length > 0));

function holds(bound: Bound, value: number | undefined, what: string): void {
  assert.ok(value !== undefined && Number.isFinite(value), `${what} = ${value}`);
  if (bound.atLeast !== undefined)
    assert.ok(value >= bound.atLeast, `${what} = ${value} < ${bound.atLeast}`);
  if (bound.atMost !== undefined)
    assert.ok(value <= bound.atMost, `${what} = ${value} > ${bound.atMost}`);
}

/** The smallest and the largest value of each number parameter, the others at their default. */
function edges(example: AnyExample): { what: string; params: Record<string, number> }[] {
  return Object.entries(
    example.params as Record<string, { kind: string; min: number; max: number }>,
  )
    .filter(([, spec]) => spec.kind === 'number')
    .flatMap(([name, { min, max }]) => [
      { what: `${name} = ${min}`, params: { [name]: min } },
      { what: `${name} = ${max}`, params: { [name]: max } },
    ]);
}

/** Examples whose promise is about the whole default run, which was seen to end where it says. */
const whole = new Set<string>();

for (const id of ids) {
  test(`${id} keeps its promise, twice the same, leaks nothing, and yields as many steps as it says`, async () => {
    const example = await loadExample(id);
    await useBackend(example);
    const { check } = example;
    // One more than the promise is about, so that a run which should end there can be seen to.
    const request = { params: check.params ?? {}, seed: check.seed ?? 1, steps: check.steps + 1 };
    const first = await train(example, request);
    assert.ok(first.end?.type === 'run-end', JSON.stringify(first.end));
    const ready = first.events.find((event) => event.type === 'data-ready');
    assert.equal(first.steps.length, ready?.steps, 'steps of the run');
    assert.ok(first.steps.length >= check.steps, 'steps of the check');
    if (check.params === undefined && ready?.steps === check.steps) whole.add(id);
    assert.equal(first.end.leakedTensors, 0, 'tensors that grow with the steps');
    assert.equal(first.leaked, 0, 'tensors left behind');
    for (const [metric, bound] of Object.entries(check.expect as Record<string, Bound>)) {
      holds(bound, first.steps[check.steps - 1]?.[metric], metric);
    }
    assert.ok(
      first.events.some((event) => event.type === 'steps' && event.views && event.views.length > 0),
      'shows something besides its metrics',
    );
    const again = await train(example, { ...request, steps: Math.min(check.steps, 20) });
    assert.deepEqual(
      again.steps,
      first.steps.slice(0, again.steps.length),
      'same seed, other metrics',
    );
  });

  test(`${id} yields exactly length() steps`, async () => {
    if (whole.has(id)) return; // seen just before
    const example = await loadExample(id);
    await useBackend(example);
    const { events, steps, end } = await train(example);
    const ready = events.find((event) => event.type === 'data-ready');
    assert.ok(end?.type === 'run-end', JSON.stringify(end));
    assert.equal(steps.length, ready?.steps);
  });

  test(`${id} runs at the bounds of its parameters, or ends as diverged`, async () => {
    const example = await loadExample(id);
    await useBackend(example);
    for (const { what, params } of edges(example)) {
      const { end, leaked } = await train(example, { params, steps: 3 });
      const told =
        end?.type === 'run-end' || (end?.type === 'run-error' && end.code === 'diverged');
      assert.ok(told, `${what}: ${JSON.stringify(end)}`);
      assert.equal(leaked, 0, `${what} leaks`);
    }
  });

  test(`${id} is described in full, and its presets are within its bounds`, async () => {
    const example = await loadExample(id);
    assert.match(example.title, /\p{Script=Han}/u);
    assert.match(example.summary, /\p{Script=Han}.*。$/u);
    assert.ok(example.techniques.length > 0 && example.techniques.every((t) => t in TECHNIQUES));
    const presets = { default: { params: {} }, ...example.presets } as Record<
      string,
      { params: object }
    >;
    for (const [name, { params }] of Object.entries(presets)) {
      assert.deepEqual(fitParams(example.params, { ...params }).changes, [], `preset ${name}`);
    }
    for (const metric of Object.keys(example.check.expect))
      assert.ok(metric in example.metrics, metric);
  });
}
