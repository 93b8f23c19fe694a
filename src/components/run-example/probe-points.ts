/** A field on which the reader sets, moves and deletes points, by pointer or by keyboard. Knows no model. */
import type { InputSpec } from '../../contract/example.ts';
import { zh } from '../../i18n/zh.ts';
import { BELOW, ABOVE, drawFrame, labelWidth, makeScale, makeTicks } from '../views/axes.ts';
import { drawShape, shapePath } from '../views/marks.ts';
import { announcement, element, MOVES, quietButton, watchFocus } from './probe-parts.ts';
import type { Field } from './probe.ts';

const [WIDTH, HEIGHT] = [360, 300];
/** Pixels of the picture within which a pointer takes hold of a point. */
const REACH = 12;
/** Steps of the keyboard's cursor across the field. */
const CURSOR_STEPS = 40;

let serial = 0;

interface Point {
  x: number;
  y: number;
  group: number;
}

/** An SVG field with a choice of the group that new points get. */
export function pointsField(spec: Extract<InputSpec, { kind: 'points' }>): Field {
  const points: Point[] = [];
  const name = `point-group-${++serial}`;
  let group = 0;
  const cursor = { x: (spec.x.min + spec.x.max) / 2, y: (spec.y.min + spec.y.max) / 2 };
  let focused = false;

  const node = element('fieldset', 'param points');
  const legend = element('legend', 'label', spec.label);
  const groups = element('div', 'point-groups');
  spec.groups.forEach((words, n) => {
    const label = document.createElement('label');
    const radio = document.createElement('input');
    radio.type = 'radio';
    radio.name = name;
    radio.checked = n === 0;
    radio.addEventListener('change', () => (group = n));
    label.append(radio, ` ${words}`);
    groups.append(label);
  });
  groups.hidden = spec.groups.length < 2;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'view-picture field');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('font-size', '12');
  svg.setAttribute('tabindex', '0');
  svg.setAttribute('role', 'application');
  svg.setAttribute('aria-label', `${spec.label}。${zh.pointsHelp}`);
  const help = element('span', 'field-note', zh.pointsHelp);
  const told = announcement();
  const clear = quietButton(zh.drawClear);
  node.append(legend, groups, svg, help, told, clear);

  const xTicks = makeTicks('linear', [spec.x.min, spec.x.max], 5);
  const yTicks = makeTicks('linear', [spec.y.min, spec.y.max], 5);
  const plot = {
    left: Math.ceil(labelWidth(yTicks)) + 12,
    top: ABOVE,
    right: WIDTH - 14,
    bottom: HEIGHT - BELOW,
  };
  const x = makeScale('linear', [spec.x.min, spec.x.max], [plot.left, plot.right], xTicks);
  const y = makeScale('linear', [spec.y.min, spec.y.max], [plot.bottom, plot.top], yTicks);
  const frame = drawFrame(plot, x, y, { x: spec.x.label, y: spec.y.label }, { grid: 'both' });

  const paint = (): void => {
    const marks = points.map((p) =>
      drawShape(p.group, shapePath(p.group, x.at(p.x), y.at(p.y), 5)),
    );
    const cross = focused
      ? `<path class="point-cursor" d="M${x.at(cursor.x) - 8} ${y.at(cursor.y)}h16M${x.at(cursor.x)} ${y.at(cursor.y) - 8}v16"/>`
      : '';
    svg.innerHTML = frame + marks.join('') + cross;
  };
  const tell = (): void => {
    told.textContent = zh.pointsCount(points.length, spec.most);
  };
  const inside = (value: number, { min, max }: { min: number; max: number }): number =>
    Math.max(min, Math.min(max, value));
  const nearest = (at: { x: number; y: number }): number => {
    const gap = (p: Point): number => Math.hypot(x.at(p.x) - x.at(at.x), y.at(p.y) - y.at(at.y));
    let found = -1;
    for (const [n, point] of points.entries())
      if (gap(point) <= REACH && (found < 0 || gap(point) < gap(points[found]!))) found = n;
    return found;
  };
  const add = (at: { x: number; y: number }): boolean => {
    if (points.length >= spec.most) {
      told.textContent = zh.pointsFull(spec.most);
      return false;
    }
    points.push({ ...at, group });
    return true;
  };

  const place = (event: PointerEvent): { x: number; y: number } => {
    const box = svg.getBoundingClientRect();
    return {
      x: inside(x.invert(((event.clientX - box.left) / box.width) * WIDTH), spec.x),
      y: inside(y.invert(((event.clientY - box.top) / box.height) * HEIGHT), spec.y),
    };
  };
  /** The point under the pointer; `fresh` when this press made it, `moved` when it was dragged. */
  let held: { point: Point; fresh: boolean; moved: boolean; start: PointerEvent } | undefined;
  svg.addEventListener('pointerdown', (event) => {
    svg.setPointerCapture(event.pointerId);
    const at = place(event);
    const found = points[nearest(at)];
    if (found) held = { point: found, fresh: false, moved: false, start: event };
    else if (add(at)) {
      held = { point: points.at(-1), fresh: true, moved: false, start: event };
      tell();
    }
    paint();
  });
  svg.addEventListener('pointermove', (event) => {
    if (!held) return;
    const { start } = held;
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > 4)
      held.moved = true;
    if (!held.moved) return;
    Object.assign(held.point, place(event));
    paint();
  });
  svg.addEventListener('pointerup', () => {
    if (held && !held.fresh && !held.moved) {
      points.splice(points.indexOf(held.point), 1);
      tell();
    }
    held = undefined;
    paint();
  });
  svg.addEventListener('pointercancel', () => (held = undefined));
  watchFocus(svg, (now) => {
    focused = now;
    paint();
  });
  svg.addEventListener('keydown', (event) => {
    const move = MOVES[event.key];
    if (move === undefined && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    focused = true;
    if (move) {
      const by = (axis: { min: number; max: number }): number =>
        (axis.max - axis.min) / CURSOR_STEPS;
      cursor.x = inside(cursor.x + move[0] * by(spec.x), spec.x);
      cursor.y = inside(cursor.y - move[1] * by(spec.y), spec.y);
      const under = points[nearest(cursor)];
      const words = under && spec.groups[under.group];
      told.textContent = zh.pointsCursor(cursor.x.toPrecision(3), cursor.y.toPrecision(3), words);
    } else {
      const found = nearest(cursor);
      if (found >= 0) points.splice(found, 1);
      if (found >= 0 || add({ ...cursor })) tell();
    }
    paint();
  });
  clear.addEventListener('click', () => {
    points.length = 0;
    tell();
    paint();
  });
  paint();
  return {
    node,
    read: () =>
      points.length < spec.least
        ? { problem: zh.pointsFew(spec.least) }
        : { kind: 'points', points: points.map((point) => ({ ...point })) },
  };
}
