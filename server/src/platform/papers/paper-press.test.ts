import { expect, it } from 'vitest';
import { createPaperPress } from './paper-press.ts';
import { type RenderApart, renderPaper } from './render.ts';
import { samplePaper } from './testing/sample-paper.ts';

const threadOf = (source: string): URL =>
  new URL(`data:text/javascript,${encodeURIComponent(source)}`);

it('makes one paper at a time, of rows that can go to another thread', async () => {
  // As the built thread answers, which tests do not have: how many rows it was given.
  const press = createPaperPress(
    threadOf(`import { parentPort, workerData } from 'node:worker_threads';
      const [{ rows }] = workerData.paper.tables;
      parentPort.postMessage(Buffer.from(workerData.format + rows.length + rows[0][5]));`),
  );
  const made = [400, 401].map((rows) =>
    renderPaper(samplePaper('en', rows), 'xlsx', { fileName: 'x', apart: press }),
  );
  expect((await Promise.all(made)).map(({ body }) => String(body))).toEqual([
    'xlsx40010000000',
    'xlsx40110000000',
  ]);
});

it('fails where the thread does, and goes on with the next paper', async () => {
  const press = createPaperPress(
    threadOf(`import { parentPort, workerData } from 'node:worker_threads';
      if (workerData.format === 'pdf') throw new Error('out of ink');
      if (workerData.format === 'html') process.exit(3);
      parentPort.postMessage(Buffer.from('made'));`),
  );
  const render = (format: 'pdf' | 'html' | 'xlsx') =>
    renderPaper(samplePaper('en', 400), format, { fileName: 'x', apart: press });
  const [pdf, html, xlsx] = await Promise.allSettled([
    render('pdf'),
    render('html'),
    render('xlsx'),
  ]);
  expect(pdf).toMatchObject({ status: 'rejected', reason: { message: 'out of ink' } });
  expect(html).toMatchObject({ status: 'rejected' });
  expect(xlsx).toMatchObject({ status: 'fulfilled' });
});

it('is not asked for short papers, nor for CSV', async () => {
  const apart: RenderApart = () => Promise.reject(new Error('asked'));
  await renderPaper(samplePaper('en', 20), 'html', { fileName: 'x', apart });
  await renderPaper(samplePaper('en', 2_000), 'csv', { fileName: 'x', apart });
  const long = renderPaper(samplePaper('en', 301), 'html', { fileName: 'x', apart });
  await expect(long).rejects.toThrow('asked');
});
