import { expect, test } from 'vitest';
import { readAnswers } from './connection.ts';

const body = '{"ok":true}';
const answer = Buffer.from(
  `HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
);

test('an answer is read however it is cut into pieces', () => {
  for (let cut = 1; cut < answer.length; cut += 1) {
    const statuses: number[] = [];
    const texts: string[] = [];
    const read = readAnswers(({ status, bytes }) => {
      statuses.push(status);
      texts.push(bytes.toString('utf8').slice(-body.length));
    });
    read(answer.subarray(0, cut));
    expect(statuses, `cut at ${cut}`).toEqual([]);
    read(answer.subarray(cut));
    // The connection is kept: the next answer follows.
    read(answer);
    expect(statuses, `cut at ${cut}`).toEqual([201, 201]);
    expect(texts).toEqual([body, body]);
  }
});

test('an answer byte by byte', () => {
  const statuses: number[] = [];
  const read = readAnswers(({ status }) => statuses.push(status));
  for (const byte of answer) read(Buffer.from([byte]));
  expect(statuses).toEqual([201]);
});

test('what this client cannot count is an error, not a guess', () => {
  const read = readAnswers(() => undefined);
  expect(() =>
    read(Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')),
  ).toThrow('without a content length');
  expect(() => readAnswers(() => undefined)(Buffer.concat([answer, answer]))).toThrow(
    'more was answered',
  );
});
