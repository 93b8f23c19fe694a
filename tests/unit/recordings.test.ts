import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { Bound } from '../../src/contract/example.ts';
import { fitParams } from '../../src/contract/params.ts';
import { readRecording, sourceHash } from '../record.ts';
import { exampleIds, loadExample } from './node-host.ts';

for (const id of exampleIds) {
  test(`the recording of ${id} was made from the source as it is now`, async () => {
    const recording = readRecording(id);
    assert.ok(recording, `never recorded: npm run record -- ${id}`);
    assert.equal(
      recording.source,
      sourceHash(id),
      `the source has changed: npm run record -- ${id}`,
    );
    const example = await loadExample(id);
    const presets = Object.entries(example.presets ?? {});
    assert.deepEqual(Object.keys(recording.runs), ['default', ...presets.map(([name]) => name)]);
    for (const [name, run] of Object.entries(recording.runs)) {
      const given = name === 'default' ? {} : (example.presets?.[name]?.params ?? {});
      assert.deepEqual(run.params, fitParams(example.params, { ...given }).values, name);
      assert.deepEqual(Object.keys(run.metrics), Object.keys(example.metrics), name);
      assert.equal(run.index.at(-1) ?? 0, run.steps, name);
      for (const values of Object.values(run.metrics)) {
        assert.equal(values.length, run.index.length, name);
        assert.ok(values.every(Number.isFinite), `${name}: a value is not finite`);
      }
    }
  });

  test(`the recorded default run of ${id} keeps the example's promise, if it is the run of the check`, async () => {
    const { check, params } = await loadExample(id);
    const run = readRecording(id)?.runs['default'];
    assert.ok(run);
    const checked = fitParams(params, { ...check.params }).values;
    const at = run.index.indexOf(check.steps);
    if (JSON.stringify(checked) !== JSON.stringify(run.params) || at < 0) return;
    for (const [metric, bound] of Object.entries(check.expect as Record<string, Bound>)) {
      const value = run.metrics[metric]?.[at] ?? NaN;
      assert.ok(
        value >= (bound.atLeast ?? -Infinity) && value <= (bound.atMost ?? Infinity),
        metric,
      );
    }
  });
}

test('every recording belongs to an example', () => {
  const recorded = readdirSync(new URL('../../src/recordings/', import.meta.url))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
  assert.deepEqual(
    recorded.filter((id) => !exampleIds.includes(id)),
    [],
  );
});
