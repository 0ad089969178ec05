import { FONT, type Palette } from '@hongmi/ui/tokens.ts';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartProps } from './chart-series.ts';

// What these charts need of ECharts, and no more: this file is fetched with the first of them.
use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

// Told apart without their colours, too.
const SYMBOLS = ['circle', 'triangle', 'diamond', 'rect'];
const DASHES = ['solid', 'dashed', 'dotted', 'solid'] as const;
/** With more places than this, points of lines run into each other. */
const SYMBOLS_MAX = 40;

/** Draws a chart into an element. The tooltip is drawn as well: pages take no HTML from a chart. */
function createChart(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: 'canvas' });
}

function drawChart(
  chart: EChartsType,
  { categories, series, format, short }: Omit<ChartProps, 'label' | 'height'>,
  palette: Palette,
  isStill: boolean,
): void {
  const text = { color: palette.textSoft, fontFamily: FONT, fontSize: 12 };
  const line = { lineStyle: { color: palette.line } };
  chart.setOption(
    {
      animation: !isStill,
      animationDuration: 240,
      color: [...palette.series],
      textStyle: { fontFamily: FONT },
      grid: { left: 4, right: 12, top: series.length > 1 ? 40 : 12, bottom: 0, containLabel: true },
      ...(series.length > 1 && {
        legend: { top: 0, left: 0, itemGap: 20, icon: 'roundRect', textStyle: text },
      }),
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        backgroundColor: palette.surface,
        borderColor: palette.line,
        textStyle: { ...text, color: palette.text },
        axisPointer: { lineStyle: { color: palette.textSoft } },
        valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
      },
      xAxis: {
        type: 'category',
        data: categories.map(({ name }) => name),
        axisLabel: { ...text, hideOverlap: true },
        axisLine: line,
        axisTick: { show: false },
        boundaryGap: series.some(({ kind }) => kind === 'bar'),
      },
      yAxis: {
        type: 'value',
        axisLabel: { ...text, formatter: (value: number) => short(value) },
        splitLine: line,
        splitNumber: 4,
        minInterval: 1,
      },
      series: series.map(({ name, kind, values, tone }, place) => {
        const colour = tone === undefined ? {} : { color: palette.series[tone] };
        return kind === 'bar'
          ? {
              type: 'bar',
              name,
              data: values,
              barMaxWidth: 24,
              itemStyle: { borderRadius: [3, 3, 0, 0], ...colour },
            }
          : {
              type: 'line',
              name,
              data: values,
              symbol: SYMBOLS[place % SYMBOLS.length],
              symbolSize: 7,
              showSymbol: categories.length <= SYMBOLS_MAX,
              lineStyle: { width: 2, type: DASHES[place % DASHES.length], ...colour },
              itemStyle: colour,
              ...(series.length === 1 && { areaStyle: { opacity: 0.12 } }),
            };
      }),
    },
    { notMerge: true },
  );
}

/** What a page does with charts, fetched as one. */
export const engine = { createChart, drawChart };
