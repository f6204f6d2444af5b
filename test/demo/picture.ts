/** One moment of the demo: what it says it does, and what it shows. */
export interface Frame {
  readonly title: string;
  readonly text: string;
}

const CHARACTER_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const MARGIN = 24;
const COLUMNS = 118;
const SECONDS_PER_FRAME = 3;

/** The frames as one SVG that shows them in turns, by itself, wherever a picture can be shown. */
export function drawFrames(frames: readonly Frame[]): string {
  const lines = frames.map(({ title, text }) => [title, '', ...wrap(text)]);
  const rows = Math.max(...lines.map(({ length }) => length));
  const width = Math.round(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN);
  const height = rows * LINE_HEIGHT + 2 * MARGIN;
  const total = frames.length * SECONDS_PER_FRAME;
  const share = 100 / frames.length;
  const groups = lines.map(
    (frame, index) =>
      `<g class="frame" style="animation-delay:${index * SECONDS_PER_FRAME}s"><text xml:space="preserve">${frame.map(drawLine).join('')}</text></g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>
text { font: 14px ui-monospace, Menlo, Consolas, monospace; fill: #d0d7de; white-space: pre; }
.title { fill: #79c0ff; } .good { fill: #7ee787; } .bad { fill: #ff7b72; }
.frame { opacity: 0; animation: show ${total}s step-end infinite; }
@keyframes show { 0% { opacity: 1; } ${share.toFixed(3)}% { opacity: 0; } 100% { opacity: 0; } }
@media (prefers-reduced-motion) { .frame { animation: none; } .frame:last-of-type { opacity: 1; } }
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${groups.join('\n')}
</svg>
`;
}

function drawLine(line: string, index: number): string {
  const y = MARGIN + (index + 1) * LINE_HEIGHT - 5;
  const tone = index === 0 ? 'title' : toneOf(line);
  const kind = tone === undefined ? '' : ` class="${tone}"`;
  return `<tspan x="${MARGIN}" y="${y}"${kind}>${escapeXml(line)}</tspan>`;
}

function toneOf(line: string): string | undefined {
  if (/\sTrue\s/.test(line)) return 'good';
  return /\sFalse\s/.test(line) ? 'bad' : undefined;
}

function wrap(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) =>
      line.length <= COLUMNS ? [line] : (line.match(new RegExp(`.{1,${COLUMNS}}(?:\\s|$)`, 'g')) ?? [line]),
    )
    .map((line) => line.trimEnd());
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
