import {
  CATALOGUE,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
} from './catalogue.ts';

/** One time series: a figure (counter, gauge), or the counts of each bucket and the sum (histogram). */
export interface Series {
  readonly labels: readonly string[];
  value: number;
  /** One more than the bounds; empty unless it is a histogram, whose sum is then `value`. */
  readonly counts: number[];
}

/** What was counted since the last look, for another thread; plain JSON. */
export type Changes = readonly (readonly [
  name: MetricName,
  labels: readonly string[],
  value: number,
  counts: readonly number[],
])[];

/** Looks something up just before the figures are read, to set gauges. */
export type Look = () => void | Promise<void>;

/**
 * Where the floors count. It only adds numbers in memory (a map look-up each); the composition root hands
 * what is here to OpenTelemetry's exporters. A thread has a meter of its own, whose changes the main
 * thread's takes over.
 */
export class Meter {
  private readonly metrics = new Map<MetricName, Map<string, Series>>();
  private readonly looks: Look[] = [];

  add<Name extends CounterName>(name: Name, by: number, ...labels: LabelsOf<Name>): void {
    this.series(name, labels).value += by;
  }

  set<Name extends GaugeName>(name: Name, to: number, ...labels: LabelsOf<Name>): void {
    this.series(name, labels).value = to;
  }

  observe<Name extends HistogramName>(name: Name, value: number, ...labels: LabelsOf<Name>): void {
    this.observeMany(name, value, 1, ...labels);
  }

  /** The same value `times` times over. */
  observeMany<Name extends HistogramName>(
    name: Name,
    value: number,
    times: number,
    ...labels: LabelsOf<Name>
  ): void {
    const series = this.series(name, labels);
    const { bounds } = CATALOGUE[name];
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] as number) + times;
    series.value += value * times;
  }

  /** The look runs before every reading of the figures, until the answered function is called. */
  onRead(look: Look): () => void {
    this.looks.push(look);
    return () => {
      const place = this.looks.indexOf(look);
      if (place >= 0) this.looks.splice(place, 1);
    };
  }

  /** Runs every look; one that fails leaves its gauges as they were. */
  async look(onError: (error: unknown) => void): Promise<void> {
    await Promise.all(
      this.looks.map(async (look) => {
        try {
          await look();
        } catch (error) {
          onError(error);
        }
      }),
    );
  }

  /** Every series counted so far, by metric. */
  all(): ReadonlyMap<MetricName, Iterable<Series>> {
    return new Map(Array.from(this.metrics, ([name, series]) => [name, series.values()]));
  }

  /** What was counted since the last call, which begins anew; gauges as they are. */
  take(): Changes {
    const changes: Changes[number][] = [];
    for (const [name, all] of this.metrics) {
      const isGauge = CATALOGUE[name].kind === 'gauge';
      for (const series of all.values()) {
        if (!isGauge && series.value === 0 && series.counts.every((count) => count === 0)) continue;
        changes.push([name, series.labels, series.value, [...series.counts]]);
        if (isGauge) continue;
        series.value = 0;
        series.counts.fill(0);
      }
    }
    return changes;
  }

  /** Adds what another meter took. */
  merge(changes: Changes): void {
    for (const [name, labels, value, counts] of changes) {
      const series = this.series(name, labels);
      if (CATALOGUE[name].kind === 'gauge') series.value = value;
      else series.value += value;
      for (let bucket = 0; bucket < counts.length; bucket += 1)
        series.counts[bucket] = (series.counts[bucket] as number) + (counts[bucket] as number);
    }
  }

  private series(name: MetricName, labels: readonly string[]): Series {
    let all = this.metrics.get(name);
    if (all === undefined) {
      all = new Map();
      this.metrics.set(name, all);
    }
    const key = labels.length === 1 ? (labels[0] as string) : labels.join('\n');
    let series = all.get(key);
    if (series === undefined) {
      const described = CATALOGUE[name];
      const counts = 'bounds' in described ? described.bounds.length + 1 : 0;
      series = { labels, value: 0, counts: new Array<number>(counts).fill(0) };
      all.set(key, series);
    }
    return series;
  }
}

/** Starts to measure; the answered function gives the seconds since. */
export function stopwatch(): () => number {
  const started = performance.now();
  return () => (performance.now() - started) / 1_000;
}
