import { expect, test } from 'vitest';
import { readTar } from './read-tar.ts';

const BLOCK_BYTES = 512;

/** A block that says what follows, as POSIX.1-1988 has it; nobody here checks its checksum. */
function head(name: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(type, 156);
  return block;
}

function file(name: string, text: string): Buffer {
  const padding = Buffer.alloc(-Buffer.byteLength(text) & (BLOCK_BYTES - 1));
  return Buffer.concat([head(name, Buffer.byteLength(text), '0'), Buffer.from(text), padding]);
}

test('files come out with their names and bytes, and folders are passed over', () => {
  const whole = 'x'.repeat(BLOCK_BYTES);
  const archive = Buffer.concat([
    head('lib/', 0, '5'),
    file('lib/a.so', 'one'),
    file('lib/empty', ''),
    file('lib/whole', whole),
    file('中', '末'),
    Buffer.alloc(2 * BLOCK_BYTES),
    Buffer.from('what follows the end'),
  ]);
  expect(readTar(archive).map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ['lib/a.so', 'one'],
    ['lib/empty', ''],
    ['lib/whole', whole],
    ['中', '末'],
  ]);
});

test('what is no archive is refused', () => {
  expect(() => readTar(Buffer.alloc(BLOCK_BYTES, 'no archive '))).toThrow('no tar archive');
});
