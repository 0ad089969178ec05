import { afterEach, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { close, hangUp, listen } from './testing/listening-server.ts';

afterEach(close);

const input = { id: 'per_1', merchant: 'mer_1', format: 'csv' } as const;
const csv = {
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="x.csv"; filename*=UTF-8''${encodeURIComponent('对账单.csv')}`,
};

test('a file comes whole, with its name, also when the connection broke on the way', async () => {
  const { url, seen } = await listen(
    (request, response) => {
      response.writeHead(200, { ...csv, 'content-length': '100' });
      response.write('a,b', () => request.socket.destroy());
    },
    (_request, response) => response.writeHead(200, csv).end('a,b\r\n1,2\r\n'),
  );
  const hongmi = createClient({ url, key: 'hm_test', tools: { wait: async () => undefined } });
  const file = await hongmi.download('getClearingStatement', input);
  expect(file).toMatchObject({ filename: '对账单.csv', type: 'text/csv; charset=utf-8' });
  expect(await file.blob.text()).toBe('a,b\r\n1,2\r\n');
  expect(seen.map((each) => each.url)).toEqual(
    Array(2).fill('/v1/clearing/periods/per_1/statements/mer_1?format=csv'),
  );
});

test('a large one comes while it is made', async () => {
  const { url } = await listen(hangUp, (_request, response) => {
    response.writeHead(200, { ...csv, 'content-disposition': 'attachment; filename="x.csv"' });
    response.write('first\r\n');
  });
  const hongmi = createClient({ url, key: 'hm_test', tools: { wait: async () => undefined } });
  const { filename, stream } = await hongmi.stream('getClearingStatement', input);
  const reader = stream.getReader();
  const { value } = await reader.read();
  expect([filename, new TextDecoder().decode(value)]).toEqual(['x.csv', 'first\r\n']);
  await reader.cancel();
});

test('who asks for a file and is refused is told so', async () => {
  const { url } = await listen((_request, response) =>
    response.writeHead(404, { 'content-type': 'text/html' }).end('no'),
  );
  const hongmi = createClient({ url, key: 'hm_test' });
  await expect(hongmi.download('getClearingFigures', { id: 'per_1' })).rejects.toMatchObject({
    code: 'unexpected_answer',
  });
});
