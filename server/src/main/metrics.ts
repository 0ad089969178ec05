import { type HrTime, ValueType } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  MeterProvider,
  type MetricData,
  type MetricProducer,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Clock, Instant } from '../kernel/clock.ts';
import { CATALOGUE, type MetricName } from '../platform/telemetry/catalogue.ts';
import type { Meter, Series } from '../platform/telemetry/meter.ts';

export interface MetricsOptions {
  readonly meter: Meter;
  readonly clock: Clock;
  readonly version: string;
  readonly onError: (error: unknown) => void;
}

export interface Metrics {
  /** Everything counted so far, in the Prometheus text format 0.0.4. */
  read(): Promise<string>;
  close(): Promise<void>;
}

/** Hands what the floors have counted to OpenTelemetry, which shows it to Prometheus. */
export function openMetrics({ meter, clock, version, onError }: MetricsOptions): Metrics {
  const since = hrTime(clock.now());
  const resource = resourceFromAttributes({ 'service.name': 'hongmi', 'service.version': version });
  const scope = { name: 'hongmi', version };
  const producer: MetricProducer = {
    async collect(): Promise<CollectionResult> {
      await meter.look(onError);
      const all = meter.all();
      const until = hrTime(clock.now());
      const metrics = (Object.keys(CATALOGUE) as MetricName[]).map((name) =>
        dataOf(name, all.get(name) ?? [], since, until),
      );
      return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics }] }, errors: [] };
    },
  };
  const reader = new OnDemandReader({ metricProducers: [producer] });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  return {
    async read() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

/** Collects when asked, and not by itself. */
class OnDemandReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

function hrTime(at: Instant): HrTime {
  return [Math.floor(at / 1_000), (at % 1_000) * 1_000_000];
}

function dataOf(
  name: MetricName,
  all: Iterable<Series>,
  startTime: HrTime,
  endTime: HrTime,
): MetricData {
  const described = CATALOGUE[name];
  const common = {
    descriptor: { name, description: described.help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = Array.from(all, (series) => ({
    startTime,
    endTime,
    attributes: Object.fromEntries(
      described.labels.map((label, place) => [label, series.labels[place]]),
    ),
    series,
  }));
  const figures = points.map(({ series, ...point }) => ({ ...point, value: series.value }));
  if (described.kind === 'counter')
    return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: figures };
  if (described.kind === 'gauge')
    return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: figures };
  const boundaries = [...described.bounds];
  const dataPoints = points.map(({ series, ...point }) => {
    const counts = [...series.counts];
    const count = counts.reduce((sum, each) => sum + each, 0);
    return { ...point, value: { buckets: { boundaries, counts }, sum: series.value, count } };
  });
  return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
}
