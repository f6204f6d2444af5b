import type { Panel } from '../../tools/monitoring/panels.ts';
import type { Series, Span } from './history.ts';
import { roundUp, writeValue } from './units.ts';

/** A graph of the dashboard, with what its query answered. */
export interface DrawnPanel {
  readonly panel: Panel;
  readonly series: readonly Series[];
}

const COLUMNS = 2;
const WIDTH = 480;
const HEIGHT = 250;
const GAP = 12;
/** Of the lines, within the panel. */
const PLOT = { left: 64, right: WIDTH - 16, top: 36, bottom: 160 } as const;
const LEGEND = { top: 194, lineHeight: 15, lines: 4, characterWidth: 6.6 } as const;
const COLOURS = ['#7ee787', '#79c0ff', '#ffa657', '#d2a8ff', '#ff7b72', '#f2cc60', '#56d4dd', '#ff9bce'] as const;

/** All panels as one picture, in the order and the two columns of the dashboard. */
export function drawDashboard(panels: readonly DrawnPanel[], span: Span): string {
  const width = COLUMNS * WIDTH + (COLUMNS + 1) * GAP;
  const height = Math.ceil(panels.length / COLUMNS) * (HEIGHT + GAP) + GAP;
  const drawn = panels.map((panel, index) => {
    const x = GAP + (index % COLUMNS) * (WIDTH + GAP);
    const y = GAP + Math.floor(index / COLUMNS) * (HEIGHT + GAP);
    return `<g transform="translate(${x} ${y})">\n${drawPanel(panel, span)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>
text { font: 11px ui-monospace, Menlo, Consolas, monospace; fill: #8b949e; }
.title { font: 600 13px system-ui, sans-serif; fill: #d0d7de; }
.line { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
.grid { stroke: #21262d; }
.end { text-anchor: end; }
</style>
<rect width="100%" height="100%" fill="#010409"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ panel, series }: DrawnPanel, span: Span): string {
  const moving = series.filter(isSeen).toSorted((one, other) => highest(other) - highest(one));
  const top = roundUp(Math.max(0, ...moving.map(highest)));
  return [
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="6" fill="#0d1117"/>`,
    `<text class="title" x="16" y="22">${escapeXml(panel.title)}</text>`,
    ...drawAxes(panel, top, span),
    ...moving.map((each, index) => drawLine(each, { top, span, colour: colourOf(index) })),
    ...drawLegend(panel, moving, series.length - moving.length),
  ].join('\n');
}

/** A line on the ground, or none, tells no more than a word in the legend does. */
function isSeen(series: Series): boolean {
  return highest(series) > 0;
}

function highest({ points }: Series): number {
  return Math.max(0, ...points.map(([, value]) => value));
}

function drawAxes({ unit }: Panel, top: number, { start, end }: Span): readonly string[] {
  const rows = [0, 0.5, 1].flatMap((share) => {
    const y = heightOf(share);
    return [
      `<path class="grid" d="M${PLOT.left} ${y}H${PLOT.right}"/>`,
      `<text class="end" x="${PLOT.left - 6}" y="${y + 4}">${writeValue(share * top, unit)}</text>`,
    ];
  });
  const minutes = (end - start) / 60_000;
  const times = [0, 0.5, 1].map((share) => {
    const x = round(PLOT.left + share * (PLOT.right - PLOT.left));
    const text = `${Number((share * minutes).toFixed(1))} min`;
    return `<text ${share === 1 ? 'class="end" ' : ''}x="${x}" y="${PLOT.bottom + 16}">${text}</text>`;
  });
  return [...rows, ...times];
}

interface Drawing {
  readonly top: number;
  readonly span: Span;
  readonly colour: string;
}

/** With a gap where there was no answer. */
function drawLine({ points }: Series, { top, span: { start, end, step }, colour }: Drawing): string {
  const path = points.map(([at, value], index) => {
    const x = round(PLOT.left + ((at - start) / (end - start)) * (PLOT.right - PLOT.left));
    const before = points[index - 1]?.[0];
    const goesOn = before !== undefined && at - before <= step;
    return `${goesOn ? 'L' : 'M'}${x} ${heightOf(value / top)}`;
  });
  return `<path class="line" stroke="${colour}" d="${path.join('')}"/>`;
}

function drawLegend(panel: Panel, moving: readonly Series[], resting: number): readonly string[] {
  const perLine = Math.floor((WIDTH - 32) / LEGEND.characterWidth);
  const names = moving.map((series) => nameOf(panel, series));
  const entryWidth = Math.max(...names.map(({ length }) => length), 1) + 4;
  const columns = Math.max(1, Math.floor(perLine / entryWidth));
  const room = columns * (LEGEND.lines - 1);
  const shown = names.slice(0, room).map((name, index) => {
    const x = 16 + (index % columns) * entryWidth * LEGEND.characterWidth;
    const y = LEGEND.top + Math.floor(index / columns) * LEGEND.lineHeight;
    const dash = `<path stroke="${colourOf(index)}" stroke-width="2" d="M${round(x)} ${y - 4}h10"/>`;
    return `${dash}<text x="${round(x + 16)}" y="${y}">${escapeXml(name)}</text>`;
  });
  const rest = [
    ...(names.length > room ? [`${names.length - room} more`] : []),
    ...(resting > 0 ? [`${resting} at 0 or without a value`] : []),
  ];
  const y = LEGEND.top + Math.ceil(shown.length / columns) * LEGEND.lineHeight;
  return rest.length === 0 ? shown : [...shown, `<text x="16" y="${y}">and ${rest.join(', ')}</text>`];
}

/** The legend with the labels of the series in it, as Grafana fills it in. */
function nameOf({ legend }: Panel, { labels }: Series): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? COLOURS[0];
}

function heightOf(share: number): number {
  return round(PLOT.bottom - share * (PLOT.bottom - PLOT.top));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
