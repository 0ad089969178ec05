import { createElement } from 'react';
import { renderToReadableStream } from 'react-dom/server';
import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';
import { askAgain, later } from './later.ts';

const Named = ({ name }: { readonly name: string }) => createElement('p', null, name);

test('what did not come is asked for once more when somebody asks, and not before', async () => {
  let asked = 0;
  const Part = later(async () => {
    asked += 1;
    if (asked === 1) throw new TypeError('Failed to fetch');
    return { Named };
  }, 'Named');
  const shown = async (): Promise<string> => {
    const stream = await renderToReadableStream(createElement(Part, { name: 'here' }), {
      onError: () => {},
    });
    await stream.allReady;
    return new Response(stream).text();
  };
  for (const _ of [1, 2]) {
    const error = await shown().catch((thrown: unknown) => thrown);
    expect(failureOf(error)).toEqual({ kind: 'unreachable' });
  }
  expect(asked).toBe(1);
  askAgain();
  expect(await shown()).toContain('here');
  expect(asked).toBe(2);
});
