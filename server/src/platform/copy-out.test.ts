import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { copyOut } from './copy-out.ts';
import type { Sql } from './database.ts';

interface Statement {
  submit(connection: { stream: Stream; query(text: string): void }): void;
  handleReadyForQuery(): void;
}

class Stream extends EventEmitter {
  pause(): void {}
  resume(): void {}
}

function message(code: string, ...content: (string | number[])[]): Buffer {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part as string, 'latin1')));
  const head = Buffer.from(`${code}\0\0\0\0`, 'latin1');
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

const HEADER = 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0';
const row = (text: string): string => `\0\x01\0\0\0${String.fromCharCode(text.length)}${text}`;
const END = '\xff\xff';
const NOTICE = message('N', 'SNOTICE\0\0');
const TAIL = [message('c'), message('C', 'COPY 3\0'), message('Z', 'I')];
const WHOLE: [what: string, messages: Buffer[], rows: string[], others: Buffer[]][] = [
  [
    'rows, with a message among them',
    [
      message('H'),
      message('d', HEADER, row('one')),
      message('d', row('d\0\0\0\x06\xff\xff')),
      NOTICE,
    ].concat(message('d', row('')), message('d', END), TAIL),
    ['one', 'd\0\0\0\x06\xff\xff', ''],
    [message('H'), NOTICE, message('d', END), ...TAIL],
  ],
  [
    'a header that comes alone',
    [message('H'), message('d', HEADER), message('d', row('x')), message('d', END), ...TAIL],
    ['x'],
    [message('H'), message('d', END), ...TAIL],
  ],
  ['no rows', [message('H'), message('d', HEADER, END), ...TAIL], [], [message('H'), ...TAIL]],
];

test.each(WHOLE)('reads %s, wherever the bytes are cut', async (_what, messages, rows, others) => {
  const sent = Buffer.concat([...messages, NOTICE]);
  for (let size = 1; size <= sent.length; size += 1) {
    const stream = new Stream();
    const left: Buffer[] = [];
    let statement: Statement | undefined;
    stream.on('data', (bytes: Buffer) => {
      left.push(bytes);
      if (Buffer.concat(left).includes(message('Z', 'I'))) statement?.handleReadyForQuery();
    });
    const client = {
      query(given: Statement) {
        statement = given;
        given.submit({ stream, query() {} });
      },
    };
    const read: string[] = [];
    const done = copyOut(client as unknown as Sql, 'select 1', (bytes, at) => {
      read.push(bytes.toString('latin1', at + 6, at + 6 + bytes.readInt32BE(at + 2)));
    });
    for (let at = 0; at < sent.length; at += size)
      stream.emit('data', Buffer.from(sent.subarray(at, at + size)));
    await done;
    expect(read, `${size} bytes at a time`).toEqual(rows);
    expect(Buffer.concat(left)).toEqual(Buffer.concat([...others, NOTICE]));
  }
});
