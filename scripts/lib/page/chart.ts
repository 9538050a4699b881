import { escaped } from "./html";

/** A line, or a layer. */
export interface Series {
  readonly name: string;
  /** Number of the colour in the page's palette; 0 is that of the text. */
  readonly color: number;
  readonly values: readonly number[];
  /** Drawn as dashes. */
  readonly dashed?: boolean;
}

/** A moment worth a mark. */
export interface Mark {
  readonly day: number;
  readonly label: string;
}

/** A chart of one value, or several, per day from 1 on, or per whatever else is counted. */
export interface Chart {
  /** What is counted along the axis; days if left out. */
  readonly counted?: string;
  /** Read by screen readers. */
  readonly label: string;
  readonly series: readonly Series[];
  /** Layers upon each other; lines if not. */
  readonly stacked?: boolean;
  /** Where the axis begins; the smallest value if left out. */
  readonly from?: number;
  readonly marks?: readonly Mark[];
  readonly wide?: boolean;
  /** Numbers of the axis. */
  readonly format: (value: number) => string;
  /** What is shown above a day. */
  readonly hint: (index: number) => string;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly step: number;
}

const MARGIN = { top: 14, right: 14, bottom: 28, left: 74 };
const TICKS = 5;
/** More points than this have a number at every tenth alone. */
const MANY = 50;

/** Draws a chart as SVG; colours come from the page. */
export function draw(chart: Chart): string {
  const layers = chart.stacked
    ? stack(chart.series)
    : chart.series.map(({ values }) => ({ low: [], high: [...values] }));
  const all = layers.flatMap(({ high }) => high).filter(Number.isFinite);
  const top = Math.max(...all);
  const bottom = chart.from ?? Math.min(...all);
  const ticks = ticksBetween(bottom, top);
  const [first, last] = [ticks[0] ?? bottom, ticks.at(-1) ?? top];
  const days = chart.series[0]?.values.length ?? 0;
  const [width, height] = chart.wide ? [1180, 380] : [580, 290];
  const marksHeight = chart.marks ? 20 : 0;
  const inner = {
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - marksHeight - MARGIN.bottom,
  };
  const step = inner.width / (days - 1);
  const frame: Frame = {
    width,
    height,
    step,
    x: (index) => MARGIN.left + step * index,
    y: (value) => MARGIN.top + marksHeight + inner.height * (1 - (value - first) / (last - first)),
  };
  const body = layers.map(({ low, high }, index) => {
    const series = chart.series[index];
    if (series === undefined) return "";
    return chart.stacked ? area(frame, low, high, series.color) : line(frame, high, series);
  });
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(chart.label)}">`,
    grid(frame, ticks, chart, days),
    ...body,
    marks(frame, chart.marks ?? [], days),
    hints(frame, chart, days),
    "</svg>",
  ].join("\n");
}

/** The names of the series, with their colours. */
export function legend(series: readonly Series[]): string {
  const items = series.map(
    ({ name, color, dashed }) =>
      `<li><i class="${dashed ? "dash" : "swatch"}" style="--c:var(--c${color})"></i>${escaped(name)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

function grid(
  { x, y, width, height }: Frame,
  ticks: readonly number[],
  { format, counted = "day" }: Chart,
  days: number,
): string {
  const right = width - MARGIN.right;
  const rows = ticks.map((tick) => {
    const at = y(tick).toFixed(1);
    return (
      `<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${at}" y2="${at}"/>` +
      `<text class="axis" x="${MARGIN.left - 8}" y="${at}" dy="0.32em" text-anchor="end">${escaped(format(tick))}</text>`
    );
  });
  const columns = Array.from({ length: days }, (_, index) => index + 1)
    .filter((day) => day === 1 || day % (days > MANY ? 10 : 5) === 0)
    .map(
      (day) =>
        `<text class="axis" x="${x(day - 1).toFixed(1)}" y="${height - 8}" text-anchor="middle">${
          day === 1 ? `${counted} 1` : day.toString()
        }</text>`,
    );
  return [...rows, ...columns].join("\n");
}

function line({ x, y }: Frame, values: readonly number[], { color, dashed }: Series): string {
  const points = values
    .map((value, index) => [x(index), y(value)] as const)
    .filter(([, at]) => Number.isFinite(at))
    .map(([across, at]) => `${across.toFixed(1)},${at.toFixed(1)}`);
  return `<polyline class="line${dashed ? " dashed" : ""}" style="--c:var(--c${color})" points="${points.join(" ")}"/>`;
}

function area({ x, y }: Frame, low: readonly number[], high: readonly number[], color: number): string {
  const point = (value: number, index: number): string => `${x(index).toFixed(1)},${y(value).toFixed(1)}`;
  const points = [...high.map(point), ...low.map(point).reverse()];
  return `<polygon class="area" style="--c:var(--c${color})" points="${points.join(" ")}"/>`;
}

function marks({ x, height }: Frame, all: readonly Mark[], days: number): string {
  return all
    .map(({ day, label }) => {
      const at = x(day - 1).toFixed(1);
      const anchor = day > days - 5 ? "end" : "middle";
      return (
        `<line class="mark" x1="${at}" x2="${at}" y1="${MARGIN.top + 10}" y2="${height - MARGIN.bottom}"/>` +
        `<text class="note" x="${at}" y="${MARGIN.top + 4}" text-anchor="${anchor}">${escaped(label)}</text>`
      );
    })
    .join("\n");
}

/** A strip for each day that shows its numbers when it is pointed at: a title needs no script. */
function hints({ x, step, height }: Frame, { hint }: Chart, days: number): string {
  return Array.from({ length: days }, (_, index) => {
    const left = (x(index) - step / 2).toFixed(1);
    return (
      `<rect class="strip" x="${left}" y="${MARGIN.top}" width="${step.toFixed(1)}" height="${
        height - MARGIN.top - MARGIN.bottom
      }">` + `<title>${escaped(hint(index))}</title></rect>`
    );
  }).join("\n");
}

function stack(series: readonly Series[]): { low: number[]; high: number[] }[] {
  let low = (series[0]?.values ?? []).map(() => 0);
  return series.map(({ values }) => {
    const high = low.map((value, index) => value + (values[index] ?? 0));
    const layer = { low, high };
    low = high;
    return layer;
  });
}

/** Round numbers that enclose both. */
function ticksBetween(bottom: number, top: number): number[] {
  const rough = (top - bottom) / TICKS;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([1, 2, 2.5, 5, 10].find((factor) => rough <= factor * size) ?? 10);
  const ticks: number[] = [];
  for (let n = Math.floor(bottom / step + 1e-9); n <= Math.ceil(top / step - 1e-9); n++) ticks.push(n * step);
  return ticks;
}
